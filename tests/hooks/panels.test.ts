/** The hook points at which the host shows something of ours. */
import { describeOnEachDatabase } from '../support/databases';
import { given, STAFF } from '../support/given';

const page = {
  locale: 'english',
  base: 'index.php?m=cloudpockets_affiliates',
  assets: '/assets',
  csrf: { field: 'token', token: 'c5rf' },
};
const staffPage = { ...page, base: 'addonmodules.php?module=cloudpockets_affiliates', staff: STAFF };

describeOnEachDatabase('A hook that shows something', (database) => {
  it('shows the switch on the ticket and on the summary, and the widget to affiliates only', async () => {
    const test = await given.program(database, { settings: { ticketDepartment: 'Affiliates' } });
    const ticket = { ticketid: 8, userid: 4, deptname: 'affiliates', subject: 'Affiliate', message: '' };
    await test.hooks.TicketOpen(ticket);
    const client = { email: 'ann@example.com', status: 'Active' };
    const panel = await test.hooks.AdminAreaViewTicketPage({
      ticketid: 8,
      userid: 4,
      client,
      page: staffPage,
    });
    expect(panel).toContain('Switch the program on');
    expect(panel).not.toContain('ann@example.com');
    expect(await test.hooks.AdminAreaViewTicketPage({ ticketid: 9, userid: 4, page: staffPage })).toBe('');
    const summary = await test.hooks.AdminAreaClientSummaryPage({ userid: '4', client, page: staffPage });
    expect(summary).toContain('Switch the program on');
    expect(await test.hooks.ClientAreaHomepagePanels({ userid: 4, page })).toEqual([]);
    await test.affiliate({ clientId: '4' });
    const [widget] = await test.hooks.ClientAreaHomepagePanels({ userid: 4, page });
    expect(widget).toMatchObject({ extras: { 'btn-link': page.base } });
    expect(widget?.bodyHtml).toContain('$50.00');
    expect(await test.hooks.ClientAreaPrimaryNavbar({ userid: 4, page })).toHaveLength(1);
  });

  it('shows nothing when it is called wrongly', async () => {
    const test = await given.program(database);
    expect(await test.hooks.AdminAreaViewTicketPage({ ticketid: 8 })).toBe('');
    expect(await test.hooks.AdminAreaClientSummaryPage(undefined)).toBe('');
    expect(await test.hooks.ClientAreaHomepagePanels({ userid: 4 })).toEqual([]);
    expect(await test.hooks.ClientAreaPrimaryNavbar('4')).toEqual([]);
  });
});
