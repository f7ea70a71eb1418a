/** Services that earned in an earlier program, so that terms which pay once do not pay again. All the SQL of their table. */
import type { Knex } from 'knex';
import { insertRows } from '../database/insertRows';

const SERVICES = 'mod_affiliates_referral_services';

/** A service, and when its referral's affiliate last earned by it; 0 for never; ms, UTC. */
export interface EarlierService {
  readonly serviceId: string;
  readonly earnedAt: number;
}

/** Notes services of a client; what is known of one already stays. */
export async function insertServices(
  trx: Knex.Transaction,
  clientId: string,
  services: readonly EarlierService[],
): Promise<void> {
  const rows = services.map(({ serviceId, earnedAt }) => ({
    service_id: serviceId,
    client_id: clientId,
    earned_at: earnedAt,
  }));
  await insertRows(trx, SERVICES, rows, ['service_id']);
}

/** @returns those of the services that are known of an earlier program */
export async function knownServices(knex: Knex, serviceIds: readonly string[]): Promise<string[]> {
  return knex(SERVICES).whereIn('service_id', serviceIds).orderBy('service_id').pluck('service_id');
}

/** @returns those of the services that earned something there */
export async function earnedEarlier(knex: Knex, serviceIds: readonly string[]): Promise<string[]> {
  if (serviceIds.length === 0) return [];
  const known = knex(SERVICES).whereIn('service_id', serviceIds).andWhere('earned_at', '>', 0);
  return known.orderBy('service_id').pluck('service_id');
}
