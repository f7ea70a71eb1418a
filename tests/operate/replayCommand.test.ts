/** `affiliates replay`, as an operator runs it. */
import { affiliates, COMMAND_LIMIT_MS } from '../support/command';
import { describeOnSqlite } from '../support/databases';
import { breakTable } from '../support/faults';
import { given, PORTAL } from '../support/given';
import { aFolder } from './given';

describeOnSqlite('affiliates replay', (database) => {
  const folder = aFolder();

  it(
    'says what would be tried again, and with --apply what became of each',
    async () => {
      const url = await database.clean();
      const test = await given.programOn(url, {});
      const affiliate = await test.affiliate();
      const userid = await test.referral(affiliate);
      const mend = await breakTable(test.knex, 'mod_affiliates_invoice_lines');
      await test.pays({ userid, total: '10.00' });
      await mend();
      const items = Array.from({ length: 10 }, () => ({ amount: '9999999999999.00' }));
      await test.pays({ userid, total: '9999999999999.00', items });
      const found = await test.knex('mod_affiliates_events').where({ type: 'invoice.paid' }).orderBy('id');
      const [waiting, setAside] = (found as { id: string }[]).map(({ id }) => id);
      const settings = { portalUrl: PORTAL, approvalAbove: '' };
      const config = folder.configuration({ database: url, settings });
      const replay = (...words: string[]) => affiliates(['replay', '--config', config, ...words]);

      const told = replay('--waiting', '--set-aside');
      expect(told).toMatchObject({ status: 1, stderr: '' });
      expect(told.stdout.split('\n')).toEqual([
        `· ${waiting!} invoice.paid, waiting (fault) since 2026-03-01T12:00:00.000Z`,
        `· ${setAside!} invoice.paid, set aside (amount_out_of_range) since 2026-03-01T12:00:00.000Z`,
        '2 events would be tried again; --apply does it.',
        '',
      ]);
      expect(await test.accounts(affiliate)).toMatchObject({ cleared: 0 });

      const applied = replay('--event', waiting!, setAside!, 'NONE', '--apply');
      expect(applied.status).toBe(1);
      expect(applied.stdout.split('\n')).toEqual([
        `✓ ${waiting!}: processed`,
        `✗ ${setAside!}: set aside again (amount_out_of_range)`,
        '✗ NONE: there is no such event',
        '3 events tried again.',
        '',
      ]);
      expect(await test.accounts(affiliate)).toMatchObject({ cleared: 100 });
      const nothing = replay('--set-aside', '--until', '2026-02-01', '--json');
      expect({ status: nothing.status, told: JSON.parse(nothing.stdout) as unknown }).toEqual({
        status: 0,
        told: { applied: false, events: [] },
      });
      expect(replay()).toMatchObject({
        status: 2,
        stderr: 'Which events? Give --waiting, --set-aside or --event.\n',
      });
    },
    COMMAND_LIMIT_MS,
  );
});
