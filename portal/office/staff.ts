/** The people who work at the portal, and their nightly work. */
import type { Knex } from 'knex';
import { raiseRenewals } from './invoices';
import type { Office } from './office';
import { hashPassword } from './passwords';
import type { StaffMember } from './rows';

/** The two accounts every new portal has; their passwords are on the start screen, because this is a stage. */
export const STAFF = [
  { name: 'Sam Support', email: 'support@nimbus.example', password: 'nimbus-support', role: 'support' },
  { name: 'Ada Admin', email: 'admin@nimbus.example', password: 'nimbus-admin', role: 'admin' },
] as const;

export async function createStaff(db: Knex): Promise<void> {
  if (await db('portal_staff').first()) return;
  const rows = STAFF.map(async ({ password, ...person }) => ({
    ...person,
    password_hash: await hashPassword(password),
  }));
  await db('portal_staff')
    .insert(await Promise.all(rows))
    .onConflict('email')
    .ignore();
}

export async function staffById(db: Knex, id: number): Promise<StaffMember | undefined> {
  return db('portal_staff').where({ id }).first();
}

export async function staffByEmail(db: Knex, email: string): Promise<StaffMember | undefined> {
  return db('portal_staff').where({ email: email.trim().toLowerCase() }).first();
}

/** The nightly run: bills what is due, then lets modules do theirs. @returns how many invoices were raised */
export async function runDailyCron(office: Office): Promise<number> {
  const raised = await raiseRenewals(office);
  await office.hooks.runHook('DailyCronJob', {});
  return raised;
}
