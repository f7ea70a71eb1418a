/** The hash chain is one, whoever seals, whenever. */
import { setImmediate as turn } from 'node:timers/promises';
import type { Knex } from 'knex';
import { sealJournal } from '../../module/ledger';
import { prove } from '../../module/proof';
import { describeOnEachDatabase, describeOnMariaDb } from '../support/databases';
import { given, type TestProgram } from '../support/given';

const TRANSACTIONS = 'mod_affiliates_ledger_transactions';
const SEALS = 'mod_affiliates_ledger_seals';
const SEALED = 'mod_affiliates_ledger_sealed';

/** So that a payment posts one transaction. */
const CLEARING = { settings: { clearingDays: 10 } };

const now = ({ clock }: TestProgram) => clock.now().getTime();

/** Lets a referral pay so many invoices at once. */
async function earn(test: TestProgram, payments: number): Promise<void> {
  const userid = await test.referral(await test.affiliate());
  const paid = Array.from({ length: payments }, () => test.pays({ userid, total: '10.00' }));
  await Promise.all(paid);
}

const count = async (knex: Knex, table: string): Promise<number> => (await knex(table).select('*')).length;

/** Every transaction stands under one seal, and every seal fits. */
async function expectWhole(test: TestProgram): Promise<void> {
  const { checks } = await prove(test.knex, now(test) + 10 * 86_400_000);
  expect(checks.filter(({ finding }) => finding)).toEqual([]);
  expect(await count(test.knex, SEALED)).toBe(await count(test.knex, TRANSACTIONS));
}

describeOnEachDatabase('The chain', (database) => {
  it('holds every transaction once, and a second sealing adds nothing', async () => {
    const test = await given.program(database, CLEARING);
    await earn(test, 5);
    expect(await sealJournal(test.knex, now(test))).toBe(5);
    expect(await sealJournal(test.knex, now(test))).toBe(0);
    expect(await count(test.knex, SEALS)).toBe(1);
    await expectWhole(test);
  });

  it('grows by what was posted since', async () => {
    const test = await given.program(database, CLEARING);
    for (const payments of [2, 3]) {
      await earn(test, payments);
      expect(await sealJournal(test.knex, now(test))).toBe(payments);
    }
    expect(await count(test.knex, SEALS)).toBe(2);
    await expectWhole(test);
  });

  it('breaks a long journal into several seals', async () => {
    const test = await given.program(database, CLEARING);
    await earn(test, 1);
    const [pattern] = await test.knex<Record<string, unknown>>(TRANSACTIONS);
    const more = Array.from({ length: 1100 }, (_, index) => ({
      ...pattern,
      id: `7${String(index).padStart(25, '0')}`,
      key: `more ${index}`,
    }));
    await test.knex.batchInsert(TRANSACTIONS, more, 100);
    expect(await sealJournal(test.knex, now(test))).toBe(1101);
    expect(await test.knex(SEALS).orderBy('number').pluck('transactions')).toEqual([500, 500, 101]);
    const { checks } = await prove(test.knex, now(test));
    expect(checks.find(({ check }) => check === 'chain_is_whole')?.finding).toBeNull();
  });

  it('takes in whatever is posted while it is sealed', async () => {
    const test = await given.program(database, CLEARING);
    let posting = true;
    const posted = earn(test, 30).finally(() => (posting = false));
    // A breath in between: SQLite answers at once, and would let nobody else have a turn.
    while (posting) {
      await sealJournal(test.knex, now(test));
      await turn();
    }
    await posted;
    await sealJournal(test.knex, now(test));
    await expectWhole(test);
  });

  it('has nothing of a seal that broke off half-way, and all of it the next time', async () => {
    const test = await given.program(database, CLEARING);
    await earn(test, 5);
    const refuse =
      database.name === 'SQLite'
        ? "BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
        : "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the disk is full'";
    const when =
      database.name === 'SQLite' ? 'WHEN NEW.position = 3' : 'FOR EACH ROW IF NEW.position = 3 THEN';
    const end = database.name === 'SQLite' ? '' : '; END IF';
    await test.knex.raw(`CREATE TRIGGER broken BEFORE INSERT ON ${SEALED} ${when} ${refuse}${end}`);
    // SQLite's errors are made outside of the test's own world, where they are no instances of its Error.
    expect(await sealJournal(test.knex, now(test)).catch(String)).toContain('the disk is full');
    await test.knex.raw('DROP TRIGGER broken');
    expect([await count(test.knex, SEALS), await count(test.knex, SEALED)]).toEqual([0, 0]);
    expect(await sealJournal(test.knex, now(test))).toBe(5);
    await expectWhole(test);
  });
});

describeOnMariaDb('The chain', (database) => {
  it('is one, however many processes seal at once', async () => {
    const test = await given.program(database, CLEARING);
    const others = [test, await test.another(), await test.another()];
    for (let round = 0; round < 4; round++) {
      await earn(test, 6);
      const sealed = await Promise.all(others.map(({ knex }) => sealJournal(knex, now(test))));
      expect(sealed.reduce((all, one) => all + one, 0)).toBe(6);
    }
    expect(await test.knex(SEALS).orderBy('number').pluck('number')).toEqual([1, 2, 3, 4]);
    await expectWhole(test);
  });

  it('takes in a transaction that began first and committed last', async () => {
    const test = await given.program(database, CLEARING);
    await earn(test, 3);
    const slow = await test.knex.transaction();
    const [oldest] = await slow<Record<string, unknown> & { id: string }>(TRANSACTIONS).orderBy('id');
    const id = `${oldest!.id.slice(0, 10)}${'0'.repeat(16)}`;
    await slow(TRANSACTIONS).insert({ ...oldest, id, key: 'slow' });
    expect(await sealJournal(test.knex, now(test))).toBe(3);
    await slow.commit();
    expect(await sealJournal(test.knex, now(test))).toBe(1);
    expect(await test.knex(SEALED).where({ transaction_id: id }).pluck('seal')).toEqual([2]);
    await earn(test, 2);
    expect(await sealJournal(test.knex, now(test))).toBe(2);
    const { checks } = await prove(test.knex, now(test));
    expect(checks.find(({ check }) => check === 'chain_is_whole')?.finding).toBeNull();
  });
});
