/**
 * The whole of the drop-in, as a portal's developer writes it: make the program, and tell it at each hook point
 * what happens here.
 */
import { affiliates, type AffiliateProgram, type SettingsInput } from '../index';
import type { Logger } from 'pino';
import type { Hooks } from './hooks';
import { createHost } from './host';
import { CURRENCY } from './money';
import type { Office } from './office/office';

export interface ProgramOptions {
  readonly office: Office;
  readonly clock: () => Date;
  readonly secrets: readonly string[];
  readonly settings: SettingsInput;
  readonly logger: Logger;
}

/** The settings a new Nimbus runs the program with. */
export function nimbusSettings(portalUrl: string): SettingsInput {
  return {
    programName: 'Nimbus Affiliates',
    portalUrl,
    currency: CURRENCY,
    threshold: '50.00',
    defaultRate: '10%',
    clearingDays: 14,
    ticketDepartment: 'Affiliates',
  };
}

export async function createProgram(options: ProgramOptions): Promise<AffiliateProgram> {
  const { office, clock, secrets, settings, logger } = options;
  const host = createHost(office);
  const program = affiliates({ database: office.db, host, settings, secrets, clock, logger });
  await program.install();
  return program;
}

/** Where WHMCS has a hooks.php that calls `add_hook`. */
export function connectHooks(points: Hooks, { hooks }: AffiliateProgram): void {
  points.addHook('ClientAdd', 1, (vars) => hooks.ClientAdd(vars));
  points.addHook('ClientEdit', 1, (vars) => hooks.ClientEdit(vars));
  points.addHook('ClientClose', 1, (vars) => hooks.ClientClose(vars));
  points.addHook('PreDeleteClient', 1, (vars) => hooks.PreDeleteClient(vars));
  points.addHook('AfterClientMerge', 1, (vars) => hooks.AfterClientMerge(vars));
  points.addHook('InvoicePaid', 1, (vars) => hooks.InvoicePaid(vars));
  points.addHook('InvoiceRefunded', 1, (vars) => hooks.InvoiceRefunded(vars));
  points.addHook('InvoiceUnpaid', 1, (vars) => hooks.InvoiceUnpaid(vars));
  points.addHook('InvoiceCancelled', 1, (vars) => hooks.InvoiceCancelled(vars));
  points.addHook('TicketOpen', 1, (vars) => hooks.TicketOpen(vars));
  points.addHook('AdminAreaViewTicketPage', 1, (vars) => hooks.AdminAreaViewTicketPage(vars));
  points.addHook('AdminAreaClientSummaryPage', 1, (vars) => hooks.AdminAreaClientSummaryPage(vars));
  points.addHook('ClientAreaHomepagePanels', 1, (vars) => hooks.ClientAreaHomepagePanels(vars));
  points.addHook('ClientAreaPrimaryNavbar', 1, (vars) => hooks.ClientAreaPrimaryNavbar(vars));
  points.addHook('DailyCronJob', 1, () => hooks.DailyCronJob());
}
