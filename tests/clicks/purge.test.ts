import type { Knex } from 'knex';
import { purgeClicks } from '../../module/clicks/purge';
import { recordClicks } from '../../module/clicks/record';
import { connect } from '../../module/database/connection';
import { describeOnEachDatabase } from '../support/databases';
import { aClick, anAffiliate, recordedClicks, totalOf } from './given';

const NOW = Date.parse('2026-03-31T03:00:00Z');
const DAY = 86_400_000;

describeOnEachDatabase('the nightly purge of clicks', (database) => {
  let knex: Knex;
  let close: () => Promise<void>;
  let affiliateId: number;
  beforeEach(async () => {
    ({ knex, close } = connect(await database.clean()));
    affiliateId = await anAffiliate(knex);
  });
  afterEach(() => close());

  test('raw clicks go after 30 days, visitors after 2, totals never', async () => {
    const ages = [31 * DAY, 30 * DAY + 1, 30 * DAY, 2 * DAY + 1, 2 * DAY, 0];
    const clicks = ages.map((age, index) =>
      aClick({ affiliateId, at: NOW - age, visitors: [String(index).repeat(64)] }),
    );
    await recordClicks(knex, clicks, 60_000);
    expect(await purgeClicks(knex, NOW)).toEqual({ clicks: 2, visitors: 4 });
    expect(await recordedClicks(knex)).toHaveLength(4);
    expect(await purgeClicks(knex, NOW)).toEqual({ clicks: 0, visitors: 0 });
    expect(await totalOf(knex, affiliateId)).toBe(6);
  });

  test('takes more than fits in one batch, also when all are of one moment', async () => {
    const spread = (start: number) =>
      Array.from({ length: 200 }, (_, index) =>
        aClick({
          affiliateId,
          at: NOW - 40 * DAY + (start % 2) * index,
          visitors: [`${start}-${index}`.padEnd(64, '.')],
        }),
      );
    for (let batch = 0; batch < 12; batch++) await recordClicks(knex, spread(batch), 60_000);
    await recordClicks(knex, [aClick({ affiliateId, at: NOW })], 60_000);
    expect(await purgeClicks(knex, NOW)).toEqual({ clicks: 2400, visitors: 2400 });
    expect(await recordedClicks(knex)).toHaveLength(1);
  });
});
