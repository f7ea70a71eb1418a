/** How many referral links one address may follow, and whose address that is. */
import { describeOnSqlite } from '../support/databases';
import { paidInvoice } from '../support/payloads';
import { fact, startService, type TestService } from './given';

const A_MINUTE = 600;
/** At once, so that all of them are sent well within the minute. */
const TOGETHER = 50;

/** Follows a link as a visitor whom a proxy hands on. */
const follow = ({ address }: TestService, forwardedFor: string) =>
  fetch(`${address}/r/anybody`, {
    redirect: 'manual',
    headers: { 'x-forwarded-for': forwardedFor, 'user-agent': 'curl/8' },
  });

/** @returns the statuses of so many visits, each from what `forwardedFor` says */
async function followAll(
  service: TestService,
  count: number,
  forwardedFor: (visit: number) => string,
): Promise<Set<number>> {
  const statuses = new Set<number>();
  for (let done = 0; done < count; done += TOGETHER) {
    const visits = Array.from({ length: TOGETHER }, (_, place) =>
      follow(service, forwardedFor(done + place)),
    );
    for (const { status } of await Promise.all(visits)) statuses.add(status);
  }
  return statuses;
}

describeOnSqlite('An address that follows too many links', (database) => {
  it('is refused, whomever it claims to be, and the portal is answered all the same', async () => {
    const service = await startService(await database.clean());
    const { ask, clock } = service;
    const claimed = (visit: number) => `198.51.100.${visit % 250}`;
    expect(await followAll(service, A_MINUTE, claimed)).toEqual(new Set([302]));
    const refused = await follow(service, '192.0.2.9');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toEqual({
      error: { code: 'too_many', message: 'Too many requests from this address.' },
    });
    const paid = fact(clock, 'InvoicePaid', paidInvoice());
    expect(await ask('POST', '/events', paid)).toMatchObject({ status: 200 });
    expect(await ask('POST', '/clicks', { code: 'anybody' })).toMatchObject({ status: 200 });
  });

  it('is the visitor’s where its proxy is trusted, so that one visitor stops no other', async () => {
    const service = await startService(await database.clean(), { trustProxy: ['127.0.0.1'] });
    expect(await followAll(service, A_MINUTE, () => '198.51.100.4')).toEqual(new Set([302]));
    expect(await follow(service, '198.51.100.4')).toMatchObject({ status: 429 });
    expect(await follow(service, '198.51.100.5')).toMatchObject({ status: 302 });
    // What stands before the address that the trusted proxy saw was written by the visitor.
    expect(await follow(service, '192.0.2.9, 198.51.100.4')).toMatchObject({ status: 429 });
  });

  it('is the proxy’s where another one is trusted', async () => {
    const service = await startService(await database.clean(), { trustProxy: ['10.1.2.3'] });
    const claimed = (visit: number) => `198.51.100.${visit % 250}`;
    expect(await followAll(service, A_MINUTE, claimed)).toEqual(new Set([302]));
    expect(await follow(service, '192.0.2.9')).toMatchObject({ status: 429 });
  });
});
