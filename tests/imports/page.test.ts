/** What people see of what came over from an earlier program. */
import { asked, aClient, STAFF, textOf } from '../pages/given';
import { describeOnSqlite } from '../support/databases';
import { given } from '../support/given';
import { bring, source } from './given';

describeOnSqlite('What came over', (database) => {
  const opened = async () => {
    const test = await given.program(database);
    await bring(test, source());
    return test.program.pages;
  };

  it('is shown to staff with what was earned and paid there, the newest first', async () => {
    const pages = await opened();
    const { html } = await pages.staff(asked(STAFF, { page: 'affiliate', id: '1' }));
    const text = textOf(html);
    expect(text).toContain('In the earlier program');
    expect(text).toMatch(
      /Feb 1, 2026 Commission 9002 \$5\.00 Jan 20, 2026 Withdrawal \$20\.00 Jan 10, 2026 Commission 9001 \$45\.00/,
    );
    expect(text).toContain('The program brought over affiliate 7 of an earlier program.');
  });

  it('is shown to the affiliate as entries that say where they are from', async () => {
    const pages = await opened();
    const { html } = await pages.client(asked(aClient('31')));
    const text = textOf(html);
    expect(text).toContain('Brought over from the earlier program');
    expect(text).toMatch(/\$12\.50/);
    const { html: statement } = await pages.client(asked(aClient('31'), { page: 'statement' }));
    expect(textOf(statement)).toContain('Brought over from the earlier program');
  });
});
