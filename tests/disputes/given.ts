/** Affiliates who miss a referral, and what they and staff see of it: through the pages alone. */
import type { Page, PageRequest } from '../../index';
import { hashEmail, identityKeyReader } from '../../module/keys';
import type { AffiliateView } from '../../module/views';
import { textOf } from '../pages/given';
import { given, requestId, STAFF, type TestProgram } from '../support/given';
import { everythingKept } from '../support/invariants';

const CSRF = { field: '_csrf', token: 'the-token-of-the-session' };
export const SAM = { staff: STAFF };

type Texts = Record<string, string>;

/** Asks for a page, or sends a form to it. */
export function visit(
  { program }: TestProgram,
  who: PageRequest['who'],
  query: Texts,
  typed?: Texts,
): Promise<Page> {
  const request: PageRequest = {
    who,
    locale: 'en',
    method: typed ? 'POST' : 'GET',
    query,
    body: typed ? { [CSRF.field]: CSRF.token, requestId: requestId(), ...typed } : {},
    base: '/affiliates',
    assets: '/assets',
    csrf: CSRF,
    links: { ticket: '/tickets/{id}', client: '/clients/{id}' },
  };
  return 'staff' in who ? program.pages.staff(request) : program.pages.client(request);
}

/** What an affiliate names; the day is the one on which the clients below sign up. */
export interface Named {
  readonly email?: string;
  readonly invoiceId?: string;
  readonly day?: string;
  readonly note?: string;
}

const TODAY = '2026-03-01';

/** Sends the form “I’m missing a referral”. */
export const misses = (test: TestProgram, { clientId }: Pick<AffiliateView, 'clientId'>, named: Named) =>
  visit(test, { client: { id: clientId } }, { page: 'missing' }, { day: TODAY, ...named });

/** What the affiliate reads there. */
export const readsOf = async (test: TestProgram, { clientId }: Pick<AffiliateView, 'clientId'>) =>
  textOf((await visit(test, { client: { id: clientId } }, { page: 'missing' })).html);

/** @returns the dispute that was opened last */
export async function lastDispute(test: TestProgram) {
  const { rows } = await test.reads.disputes({ status: 'all', limit: 1 });
  return rows[0]!;
}

/** What staff read of the dispute that was opened last. */
export async function evidence(test: TestProgram): Promise<string> {
  const { id } = await lastDispute(test);
  return textOf((await visit(test, SAM, { page: 'dispute', id })).html);
}

export async function answers(test: TestProgram, typed: Texts): Promise<Page> {
  const { id } = await lastDispute(test);
  return visit(test, SAM, { page: 'dispute', id }, typed);
}

/** A client who came without a link, and has paid once. */
export async function clientWithoutLink(
  test: TestProgram,
  told: { client_id: string; email: string; invoiceid?: string },
): Promise<void> {
  const { invoiceid, ...signup } = told;
  await test.hooks.ClientAdd(given.signup({ ...signup, firstname: 'Zacharias', lastname: 'Quillfeather' }));
  if (invoiceid) await test.pays({ userid: told.client_id, invoiceid, total: '100.00' });
}

/** @returns which of these texts, or hashes of these addresses, are kept anywhere */
export async function kept(test: TestProgram, { texts = [], addresses = [] }: Record<string, string[]>) {
  const key = await identityKeyReader()(test.knex);
  const everything = await everythingKept(test.knex);
  return [
    ...[...texts, ...addresses].filter((text) => everything.includes(text)),
    ...addresses.filter((address) => everything.includes(hashEmail(key, address))).map((one) => `#${one}`),
  ];
}
