/** Our pieces on the host's own pages. */
import {
  aClient,
  asked,
  closePrograms,
  fieldsOf,
  givenProgram,
  STAFF,
  textOf,
  type GivenProgram,
} from './given';

afterEach(closePrograms);

const clientPage = () => {
  const { locale, base, assets, csrf, links } = asked(aClient('12'));
  return { locale, base, assets, csrf, links };
};
const staffPage = () => {
  const { locale, base, assets, csrf, links } = asked(STAFF);
  return { locale, base, assets, csrf, links, staff: STAFF.staff };
};
const widgetOf = ({ program }: GivenProgram, userid: string) =>
  program.hooks.ClientAreaHomepagePanels({ userid, page: clientPage() });
const ticketPanel = ({ program }: GivenProgram, ticketid: string, userid: string, client = {}) =>
  program.hooks.AdminAreaViewTicketPage({ ticketid, userid, client, page: staffPage() });

describe('the widget', () => {
  it('is there for affiliates only', async () => {
    const given = await givenProgram();
    expect(await widgetOf(given, '12')).toEqual([]);
    await given.enrol('12');
    expect(await widgetOf(given, '12')).toHaveLength(1);
  });

  it('shows what was acquired, what is missing with a bar, and leads to more', async () => {
    const given = await givenProgram();
    await given.enrol('12');
    await given.referral('12', { pays: '120.00' });
    const [panel] = await widgetOf(given, '12');
    expect(panel).toMatchObject({
      label: 'Affiliate Program',
      extras: { 'btn-link': '/index.php?m=affiliates', 'btn-text': 'More Details' },
    });
    expect(textOf(panel!.bodyHtml)).toBe(
      '$12.00 commission acquired $38.00 more until you can request a withdrawal. More Details',
    );
    expect(panel!.bodyHtml).toContain('<progress class="aff-progress" max="5000" value="1200"');
  });

  it('says that a withdrawal can be requested', async () => {
    const given = await givenProgram();
    await given.enrol('12');
    await given.referral('12', { pays: '500.00' });
    const [panel] = await widgetOf(given, '12');
    expect(textOf(panel!.bodyHtml)).toContain('$50.00 is ready to be withdrawn.');
  });
});

it('the menu entry is there for every client, in its language', async () => {
  const { program } = await givenProgram();
  const page = { ...clientPage(), locale: 'de' };
  const items = await program.hooks.ClientAreaPrimaryNavbar({ userid: '99', page });
  expect(items).toMatchObject([{ label: 'Partnerprogramm', uri: '/index.php?m=affiliates' }]);
});

describe('the panel on a ticket', () => {
  it('is not there for a ticket about something else', async () => {
    expect(await ticketPanel(await givenProgram(), '5', '99')).toBe('');
  });

  it('shows who asks and that nothing speaks against it, and switches the program on', async () => {
    const given = await givenProgram();
    await given.send(aClient('99'), { page: 'request' }, {}, {});
    await given.program.hooks.TicketOpen({
      ticketid: '1',
      userid: '99',
      deptname: 'Support',
      subject: 'Affiliate',
      message: '',
    });
    const html = await ticketPanel(given, '1', '99');
    expect(textOf(html)).toMatch(
      /Client 99 Asked for the program on .* Nothing speaks against it\. Off Switch the program on .* Decline the request/,
    );
    expect(html).toContain('href="/admin/clients/99"');
    const body = { ...fieldsOf(html), on: '1' };
    const answer = await given.read(STAFF, { page: 'switch' }, { method: 'POST', body });
    expect(answer.headers['location']).toBe('/tickets/1');
    expect(textOf(await ticketPanel(given, '1', '99'))).toMatch(
      /On Affiliate since Jan 10, 2026 Reason for switching it off/,
    );
    expect(given.mails.map(({ subject }) => subject)).toEqual(['Welcome to Affiliate Program']);
  });

  it('declines a request with a reason, in a form of its own', async () => {
    const given = await givenProgram();
    await given.send(aClient('99'), { page: 'request' }, {}, {});
    const html = await ticketPanel(given, '1', '99');
    expect(html.match(/<form/g)).toHaveLength(2);
    const decline = (reason: string) =>
      given.read(STAFF, { page: 'switch' }, { method: 'POST', body: { ...fieldsOf(html), on: '0', reason } });
    const refused = await decline('');
    expect(refused.status).toBe(422);
    expect(refused.html).toMatch(/id="aff-reason"[^>]*aria-invalid="true"/);
    expect((await decline('We are full')).headers['location']).toBe('/tickets/1');
    expect(given.mails.map(({ text }) => text).join()).toContain('> We are full');
    expect((await given.read(aClient('99'))).html).toContain('Request to become an affiliate');
  });

  it('names what speaks against it', async () => {
    const given = await givenProgram();
    await given.enrol('12');
    await given.program.hooks.TicketOpen({
      ticketid: '7',
      userid: '99',
      deptname: 'Support',
      subject: 'affiliate',
      message: '',
    });
    const html = await ticketPanel(given, '7', '99', { email: 'Client12@example.com' });
    expect(textOf(html)).toContain('Another affiliate has the same or an equivalent mail address.');
    expect(html).not.toContain('Client12@');
  });
});

describe('the switch', () => {
  it('asks for the reason when it switches off, and keeps the page', async () => {
    const given = await givenProgram();
    await given.enrol('12');
    const body = { ...fieldsOf(await given.switchPanel('12')), on: '0', reason: ' ' };
    const refused = await given.read(STAFF, { page: 'switch' }, { method: 'POST', body });
    expect(refused.status).toBe(422);
    expect(refused.html).toMatch(/role="alert">Please give a reason\./);
    expect(refused.html).toMatch(/id="aff-reason"[^>]*aria-invalid="true"/);
    await given.suspend('12', 'Spam');
    expect(textOf(await given.switchPanel('12'))).toMatch(
      /Suspended .* Reason: Spam Switch the program on again/,
    );
    await given.enrol('12');
    expect(textOf(await given.switchPanel('12'))).toContain('On Affiliate since');
  });
});
