/** The way out of docs/import.md, typed as it stands there: bring over since when, then hand in what was missed. */
import { affiliates, COMMAND_LIMIT_MS } from '../support/command';
import { describeOnSqlite } from '../support/databases';
import { given, PORTAL } from '../support/given';
import { aFolder } from '../operate/given';
import { affiliate, source } from './given';

const HOUR = 3_600_000;

describeOnSqlite('affiliates import --off-since', (database) => {
  const folder = aFolder();
  const words = (command: string, ...options: string[]) => [...command.split(' '), ...options];

  it(
    'and then affiliates reconcile bring what was paid in between, once, when it was paid, at the own rate',
    async () => {
      const url = await database.clean();
      await (await given.programOn(url, {})).close();
      const settings = { portalUrl: PORTAL, approvalAbove: '' };
      const config = folder.configuration({ database: url, settings });
      // The commands are run in the present.
      const now = Date.now();
      const ago = (hours: number) => new Date(now - hours * HOUR).toISOString();
      const paid = (invoiceid: string, userid: string, at: string) => ({
        hook: 'InvoicePaid',
        payload: given.paidInvoice({ invoiceid, userid, total: '100.00', at }),
      });
      const facts = [
        paid('before', '51', ago(4)),
        paid('9004', '51', ago(2)),
        paid('missed', '51', ago(2)),
        paid('missed too', '52', ago(1)),
      ];
      const list = folder.file('facts.ndjson', facts.map((fact) => JSON.stringify(fact)).join('\n'));
      const rows = source({
        enabled: 'off',
        affiliates: [affiliate({ paytype: 'percentage', payamount: '25.00' })],
      });
      const exported = folder.file('export.json', JSON.stringify(rows));

      const bring = words('import --config', config, '--file', exported, '--off-since', ago(3));
      const looked = affiliates(bring);
      expect(looked).toMatchObject({ status: 0, stderr: '' });
      expect(affiliates([...bring, '--apply'])).toMatchObject({ status: 0, stderr: '' });

      const [from, to] = [ago(30).slice(0, 10), ago(0).slice(0, 10)];
      const handIn = words(
        'reconcile --config',
        config,
        '--from',
        from,
        '--to',
        to,
        '--file',
        list,
        '--apply',
      );
      const handed = affiliates(handIn);
      expect(handed).toMatchObject({ status: 0, stderr: '' });
      expect(handed.stdout).toContain('4 compared, 4 missing');
      expect(affiliates(handIn).stdout).toContain('4 compared, 0 missing');

      const commissions = await database.connect(url)('mod_affiliates_commissions').orderBy('line_key');
      expect(
        (commissions as { line_key: string; earned: number; paid_at: number }[]).map((row) => [
          row.line_key,
          row.earned,
          new Date(row.paid_at).toISOString(),
        ]),
      ).toEqual([
        ['missed too/1', 2500, ago(1)],
        ['missed/1', 2500, ago(2)],
      ]);
      expect(affiliates(words('prove --database', url))).toMatchObject({ status: 0 });
      const written = folder.file('settings.json', JSON.stringify(settings));
      const rebuilt = affiliates(words('rebuild --check --database', url, '--settings', written));
      expect(rebuilt).toMatchObject({ status: 0, stderr: '' });
    },
    8 * COMMAND_LIMIT_MS,
  );

  it.each([
    ['a day alone', '2026-03-01', /a day and a time, such as 2026-03-01T14:30\.\n$/],
    ['nonsense', 'yesterdayT1', /a day and a time/],
    ['the future', '2999-01-01T00:00', /in the future/],
  ])(
    'refuses %s',
    async (_what, written, sentence) => {
      const config = folder.configuration({ database: await database.clean() });
      const exported = folder.file('small.json', JSON.stringify(source()));
      const run = affiliates(words('import --config', config, '--file', exported, '--off-since', written));
      expect(run).toMatchObject({ status: 2, stdout: '' });
      expect(run.stderr).toMatch(sentence);
    },
    COMMAND_LIMIT_MS,
  );
});
