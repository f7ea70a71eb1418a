import fc from 'fast-check';
import type { Knex } from 'knex';
import { ulid } from 'ulid';
import { recordClicks } from '../../module/clicks/record';
import type { Click } from '../../module/clicks/rules';
import { visitorHashes } from '../../module/clicks/visitor';
import { connect } from '../../module/database/connection';
import { describeOnEachDatabase, describeOnMariaDb, type TestDatabase } from '../support/databases';
import { aClick, anAffiliate, recordedClicks, totalOf } from './given';

const MINUTE = 60_000;
const WINDOW = 30 * MINUTE;
const NOON = Date.parse('2026-03-01T12:00:00Z');

const visitor = (letter: string): [string] => [letter.repeat(64)];

async function record(knex: Knex, clicks: readonly Click[], windowMs = WINDOW): Promise<boolean[]> {
  const counted = await recordClicks(knex, clicks, windowMs);
  return clicks.map(({ id }) => counted.has(id));
}

/** A fresh database with one affiliate, reached as the program reaches it. */
function withDatabase(
  database: TestDatabase,
  test: (knex: Knex, other: Knex, affiliateId: number) => Promise<void>,
) {
  return async () => {
    const url = await database.clean();
    const [one, other] = [connect(url), connect(url)];
    try {
      await test(one.knex, other.knex, await anAffiliate(one.knex));
    } finally {
      await Promise.all([one.close(), other.close()]);
    }
  };
}

describeOnEachDatabase('recording clicks', (database) => {
  test(
    'a visitor counts once within the window, and again when it is over',
    withDatabase(database, async (knex, _other, affiliateId) => {
      const at = (ms: number) => aClick({ affiliateId, at: NOON + ms });
      expect(await record(knex, [at(0)])).toEqual([true]);
      expect(await record(knex, [at(1)])).toEqual([false]);
      expect(await record(knex, [at(WINDOW - 1)])).toEqual([false]);
      expect(await record(knex, [at(WINDOW)])).toEqual([true]);
      expect((await recordedClicks(knex)).map(({ reason }) => reason)).toEqual(['', 'repeat', 'repeat', '']);
      expect(await totalOf(knex, affiliateId)).toBe(2);
    }),
  );

  test(
    'a repeat does not lengthen the window',
    withDatabase(database, async (knex, _other, affiliateId) => {
      const at = (minutes: number) => aClick({ affiliateId, at: NOON + minutes * MINUTE });
      expect(await record(knex, [at(0)])).toEqual([true]);
      expect(await record(knex, [at(29)])).toEqual([false]);
      expect(await record(knex, [at(31)])).toEqual([true]);
    }),
  );

  test(
    'without a window every click counts',
    withDatabase(database, async (knex, _other, affiliateId) => {
      const click = () => aClick({ affiliateId });
      expect(await record(knex, [click(), click()], 0)).toEqual([true, true]);
      expect(await record(knex, [click()], 0)).toEqual([true]);
      expect(await totalOf(knex, affiliateId)).toBe(3);
    }),
  );

  test(
    'in one batch, each visitor of each affiliate counts once, and what speaks against a click is kept',
    withDatabase(database, async (knex, _other, affiliateId) => {
      const second = await anAffiliate(knex, { code: 'berta234' });
      const counted = await record(knex, [
        aClick({ affiliateId, visitors: visitor('a') }),
        aClick({ affiliateId, visitors: visitor('a') }),
        aClick({ affiliateId: second, visitors: visitor('a') }),
        aClick({ affiliateId, visitors: visitor('b') }),
        aClick({ affiliateId, visitors: visitor('c'), reason: 'robot' }),
        aClick({ affiliateId, visitors: visitor('c'), reason: 'suspended' }),
      ]);
      expect(counted).toEqual([true, false, true, true, false, false]);
      const reasons = (await recordedClicks(knex)).map(({ reason }) => reason).sort();
      expect(reasons).toEqual(['', '', '', 'repeat', 'robot', 'suspended']);
      expect(await totalOf(knex, affiliateId)).toBe(2);
      expect(await totalOf(knex, second)).toBe(1);
      // A robot's click did not use up its visitor.
      expect(await record(knex, [aClick({ affiliateId, visitors: visitor('c') })])).toEqual([true]);
    }),
  );

  test(
    'a click recorded twice is one click with one answer',
    withDatabase(database, async (knex, _other, affiliateId) => {
      const first = aClick({ affiliateId });
      const repeat = aClick({ affiliateId });
      const late = aClick({ affiliateId, visitors: visitor('b') });
      expect(await record(knex, [first, repeat])).toEqual([true, false]);
      expect(await record(knex, [repeat, late, first])).toEqual([false, true, true]);
      expect(await recordedClicks(knex)).toHaveLength(3);
      expect(await totalOf(knex, affiliateId)).toBe(2);
    }),
  );

  test(
    'a batch may hold clicks from before and after midnight',
    withDatabase(database, async (knex, _other, affiliateId) => {
      const [[day], [next]] = [visitor('a'), visitor('b')];
      const before = aClick({ affiliateId, at: NOON, visitors: [day] });
      const after = aClick({ affiliateId, at: NOON + 1, visitors: [day, next] });
      const later = aClick({ affiliateId, at: NOON + WINDOW, visitors: [next] });
      const third = aClick({ affiliateId, at: NOON, visitors: visitor('c') });
      const fourth = aClick({ affiliateId, at: NOON + 1, visitors: ['d'.repeat(64), 'e'.repeat(64)] });
      expect(await record(knex, [before, after, third, fourth])).toEqual([true, false, true, true]);
      // The repeat after midnight did not take the new day's place either.
      expect(await record(knex, [later])).toEqual([true]);
    }),
  );

  test(
    'takes as many round trips for two hundred clicks as for two',
    withDatabase(database, async (knex, _other, affiliateId) => {
      const statements = async (count: number) => {
        let seen = 0;
        const count1 = () => void (seen += 1);
        knex.on('query', count1);
        await record(
          knex,
          Array.from({ length: count }, (_, index) =>
            aClick({ affiliateId, visitors: [`${count}-${index}`.padEnd(64, '.')] }),
          ),
        );
        knex.removeListener('query', count1);
        return seen;
      };
      const few = await statements(2);
      expect(await statements(200)).toBe(few);
      // Begin and commit, and on MySQL the isolation level, around: claim, who won, clicks, totals.
      expect(few).toBeLessThanOrEqual(7);
      expect(await totalOf(knex, affiliateId)).toBe(202);
    }),
  );

  test(
    'counts as if it looked back over the window each time, across midnights and time zones',
    withDatabase(database, async (knex, _other, affiliateId) => {
      const history = fc.record({
        minutes: fc.constantFrom(1, 30, 720, 1440),
        timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kathmandu'),
        steps: fc.array(
          fc.record({ step: fc.constantFrom(0, 1, 10, 29, 30, 31, 400, 719, 1439, 1440), who: fc.nat(1) }),
          { minLength: 4, maxLength: 12 },
        ),
      });
      await fc.assert(
        fc.asyncProperty(history, async ({ minutes, timeZone, steps }) => {
          const windowMs = minutes * MINUTE;
          // Another secret makes other visitors of them, so that each run begins anew.
          const secret = ulid();
          const countedAt = new Map<number, number>();
          let at = Date.parse('2026-03-28T22:00:00Z');
          for (const { step, who } of steps) {
            at += step * MINUTE;
            const before = countedAt.get(who);
            const expected = before === undefined || at - before >= windowMs;
            if (expected) countedAt.set(who, at);
            const visitors = visitorHashes(
              { ip: `203.0.113.${who}`, userAgent: '' },
              { secret, timeZone, windowMs, at },
            );
            expect(await record(knex, [aClick({ affiliateId, at, visitors })], windowMs)).toEqual([expected]);
          }
        }),
        { numRuns: 15 },
      );
    }),
  );
});

describeOnMariaDb('recording clicks from two processes', (database) => {
  test(
    'one visitor who arrives at both at once counts once',
    withDatabase(database, async (knex, other, affiliateId) => {
      for (let round = 0; round < 20; round++) {
        const visitors: [string] = [`round-${round}`.padEnd(64, '.')];
        const results = await Promise.all(
          [knex, other, knex, other].map((process) => record(process, [aClick({ affiliateId, visitors })])),
        );
        expect(results.flat().filter(Boolean)).toHaveLength(1);
      }
      expect(await totalOf(knex, affiliateId)).toBe(20);
    }),
  );

  test(
    'the same visitors in batches of another order count once each, and no total is lost',
    withDatabase(database, async (knex, other, affiliateId) => {
      const second = await anAffiliate(knex, { code: 'berta234' });
      const batch = () =>
        Array.from({ length: 60 }, (_, index) =>
          aClick({
            affiliateId: index % 2 === 0 ? affiliateId : second,
            visitors: [`visitor-${index}`.padEnd(64, '.')],
          }),
        );
      const results = await Promise.all(
        [knex, other, knex, other].map((process, turn) =>
          record(process, turn % 2 === 0 ? batch() : batch().reverse()),
        ),
      );
      expect(results.flat().filter(Boolean)).toHaveLength(60);
      expect(await totalOf(knex, affiliateId)).toBe(30);
      expect(await totalOf(knex, second)).toBe(30);
    }),
  );

  test(
    'a visitor who arrives on both sides of midnight at once counts once',
    withDatabase(database, async (knex, other, affiliateId) => {
      for (let round = 0; round < 20; round++) {
        const day = (name: string) => `${name}-${round}`.padEnd(64, '.');
        const before = aClick({ affiliateId, at: NOON, visitors: [day('before')] });
        const after = aClick({ affiliateId, at: NOON + 1, visitors: [day('before'), day('after')] });
        const results = await Promise.all([record(knex, [before]), record(other, [after])]);
        expect(results.flat().filter(Boolean)).toHaveLength(1);
      }
    }),
  );
});
