/** An import that dies goes on where it stopped; what it has brought is whole. */
import { describeOnEachDatabase } from '../support/databases';
import { given } from '../support/given';
import { auditorOf, expectSound } from '../support/invariants';
import { affiliate, bring, broughtOver, client, source } from './given';

/** Two affiliates, with more lines and rows of history than one event holds. */
const large = () =>
  source({
    affiliates: [affiliate(), affiliate({ id: 8, clientid: 32, balance: '100.00', withdrawn: '0' })],
    accounts: [...source().accounts, { id: 3, affiliateid: 8, relid: 103, lastpaid: null }],
    services: [...source().services, { id: 103, userid: 53, packageid: 1, regdate: '2026-01-02' }],
    clients: [...source().clients, client(32), client(53)],
    history: Array.from({ length: 501 }, (_, index) => ({
      id: index + 1,
      affiliateid: 8,
      date: '2026-01-10',
      affaccid: 3,
      invoice_id: 0,
      amount: '0.20',
    })),
    pending: Array.from({ length: 501 }, (_, index) => ({
      id: index + 1,
      affaccid: 3,
      invoice_id: 0,
      amount: '0.01',
      clearingdate: '2026-03-05',
    })),
  });

describeOnEachDatabase('An import', (database) => {
  it('that dies at any of its events is finished by the next', async () => {
    const test = await given.program(database);
    const auditor = auditorOf(test.knex, () => test.clock.now().getTime());
    let killed = 0;
    // Each import dies one insert later than the one before it, counted from where that stopped.
    for (let after = 0; ; after++) {
      let seen = 0;
      const kill = ({ sql }: { sql: string }) => {
        if (sql.startsWith('insert') && seen++ === after) throw new Error('killed');
      };
      test.knex.on('query', kill);
      const dead = await bring(test, large()).then(
        () => false,
        () => true,
      );
      test.knex.off('query', kill);
      if (!dead) break;
      killed++;
      expect(await auditor.audit()).toEqual([]);
    }
    expect(killed).toBeGreaterThan(5);
    expect((await bring(test, large())).affiliates).toMatchObject([
      { status: 'same', agrees: true },
      { status: 'same', agrees: true, ledger: { pending: 501, balance: 10_000, withdrawn: 0 } },
    ]);
    expect(await test.knex('mod_affiliates_import_history').count({ count: '*' })).toEqual([{ count: 502 }]);
    test.clock.set('2026-03-06T00:00:00Z');
    expect(await test.program.daily()).toMatchObject({ cleared: 501, holds: true });
    expect(await test.accounts(await broughtOver(test, '8'))).toMatchObject({ clearing: 0, cleared: 10_501 });
    await expectSound(test.knex, test.clock.now);
  });

  it('that runs twice at once brings everything once', async () => {
    const test = await given.program(database);
    const runs = await Promise.allSettled([
      bring(test, source()),
      bring(test, source()),
      bring(test, source()),
    ]);
    expect(runs.some(({ status }) => status === 'fulfilled')).toBe(true);
    await bring(test, source());
    expect(await test.accounts(await broughtOver(test))).toMatchObject({
      clearing: 1250,
      cleared: 3000,
      withdrawn: 2000,
    });
    await expectSound(test.knex, test.clock.now);
  });
});
