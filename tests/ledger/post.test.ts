import type { Knex } from 'knex';
import { ulid } from 'ulid';
import { transact } from '../../module/database/transact';
import { balancesOf, post, type LedgerTransaction } from '../../module/ledger';
import { identityKeyReader } from '../../module/keys';
import { readSettings } from '../../module/settings';
import type { UnitOfWork } from '../../module/unitOfWork';
import { describeOnEachDatabase, describeOnMariaDb } from '../support/databases';
import { given, PORTAL, type TestProgram } from '../support/given';

type Accounts = Partial<Record<'expense' | 'clearing' | 'cleared' | 'reserved' | 'withdrawn', number>>;

/** A transaction of affiliate 1 that moves so much to each account; balanced unless the test says otherwise. */
function moving(key: string, accounts: Accounts, change: Partial<LedgerTransaction> = {}): LedgerTransaction {
  const entries = Object.entries(accounts).map(([account, amount]) => ({
    affiliateId: 1,
    // The keys are those of Accounts.
    account: account as keyof Accounts,
    amount,
  }));
  return {
    key,
    kind: 'earn',
    affiliateId: 1,
    currency: 'USD',
    amount: 1,
    commissionId: null,
    withdrawalId: null,
    at: 0,
    entries,
    ...change,
  };
}

/** Posts as a verb does: in one transaction, repeated when another writer got in the way. */
async function posted(test: TestProgram, ...transactions: LedgerTransaction[]): Promise<string[]> {
  const identityKey = await identityKeyReader()(test.knex);
  return transact(test.knex, (trx: Knex.Transaction) => {
    const work: UnitOfWork = {
      trx,
      settings: readSettings({ portalUrl: PORTAL }),
      eventId: ulid(),
      at: 0,
      now: 0,
      by: { kind: 'system' },
      personal: {},
      identityKey,
      recorded: null,
      tell: () => undefined,
      newId: ulid,
    };
    return post(work, transactions);
  });
}

const balance = async ({ knex }: TestProgram) => (await balancesOf(knex, 1))[0];

describeOnEachDatabase('The ledger', (database) => {
  it('posts a transaction once, however often it is asked to', async () => {
    const test = await given.program(database);
    const earn = moving('earn:1', { expense: -100, cleared: 100 });
    expect(await posted(test, earn)).toEqual(['earn:1']);
    expect(await posted(test, earn)).toEqual([]);
    expect(await posted(test, earn, moving('earn:2', { expense: -7, cleared: 7 }))).toEqual(['earn:2']);
    expect(await balance(test)).toMatchObject({ expense: -107, cleared: 107 });
  });

  it('refuses a known key with other contents', async () => {
    const test = await given.program(database);
    await posted(test, moving('earn:1', { expense: -100, cleared: 100 }));
    const other = moving('earn:1', { expense: -200, cleared: 200 });
    await expect(posted(test, other)).rejects.toMatchObject({ code: 'ledger_conflict' });
    expect(await balance(test)).toMatchObject({ cleared: 100 });
  });

  it.each<[string, Accounts]>([
    ['does not sum to zero', { expense: -100, cleared: 99 }],
    ['has one side only', { cleared: 100 }],
    ['has no side', {}],
    ['moves nothing', { expense: 0, cleared: 0 }],
    ['moves fractions', { expense: -0.5, cleared: 0.5 }],
    ['moves NaN', { expense: NaN, cleared: NaN }],
    ['moves more than a number can count', { expense: -(2 ** 60), cleared: 2 ** 60 }],
  ])('refuses a transaction that %s', async (_what, accounts) => {
    const test = await given.program(database);
    await expect(posted(test, moving('earn:1', accounts))).rejects.toMatchObject({
      code: 'ledger_unbalanced',
    });
    expect(await test.knex('mod_affiliates_ledger_entries')).toEqual([]);
  });

  it('lets nobody spend what is not there, and undoes the whole set', async () => {
    const test = await given.program(database);
    await posted(test, moving('earn:1', { expense: -100, cleared: 100 }));
    const spend = moving('reserve:1', { cleared: -101, reserved: 101 }, { kind: 'reserve' });
    const more = moving('earn:2', { expense: -1, clearing: 1 });
    await expect(posted(test, more, spend)).rejects.toMatchObject({ code: 'ledger_overdraw' });
    expect(await balance(test)).toMatchObject({ cleared: 100, clearing: 0, reserved: 0 });
    await posted(test, moving('reserve:2', { cleared: -100, reserved: 100 }, { kind: 'reserve' }));
    expect(await balance(test)).toMatchObject({ cleared: 0, reserved: 100 });
  });

  it('lets a reversal, and only a reversal, leave a debt, and only among what is cleared', async () => {
    const test = await given.program(database);
    await posted(test, moving('earn:1', { expense: -100, cleared: 100 }));
    await posted(test, moving('reverse:1', { cleared: -150, expense: 150 }, { kind: 'reverse' }));
    expect(await balance(test)).toMatchObject({ cleared: -50 });
    const clearing = moving('reverse:2', { clearing: -1, expense: 1 }, { kind: 'reverse' });
    await expect(posted(test, clearing)).rejects.toMatchObject({ code: 'ledger_overdraw' });
  });
});

describeOnMariaDb('The ledger with many writers', (database) => {
  it('adds up to the cent, and lets the last dollar be spent once', async () => {
    const test = await given.program(database);
    const earns = Array.from({ length: 20 }, (_, index) =>
      posted(test, moving(`earn:${index}`, { expense: -5, cleared: 5 })),
    );
    await Promise.all(earns);
    expect(await balance(test)).toMatchObject({ expense: -100, cleared: 100 });
    const spends = Array.from({ length: 6 }, (_, index) =>
      posted(test, moving(`reserve:${index}`, { cleared: -100, reserved: 100 }, { kind: 'reserve' })),
    );
    const ended = await Promise.allSettled(spends);
    expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await balance(test)).toMatchObject({ cleared: 0, reserved: 100 });
  });
});
