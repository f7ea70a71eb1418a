/** The staff page of webhooks: where messages go, what came of each, and sending one again. */
import { A_FORM, aClient, closePrograms, givenProgram, STAFF, textOf, unescaped } from '../pages/given';
import { SECRET, givenReceiver, type Receiver } from './given';

const PAGE = { page: 'webhooks' };

afterEach(closePrograms);

/** A program that tells a receiver, with one affiliate. */
async function givenTold(receiver: Receiver) {
  const webhooks = [{ url: `${receiver.url}?token=hidden`, secret: SECRET }];
  const test = await givenProgram({}, {}, webhooks);
  await test.enrol('12');
  await test.program.webhooks.deliver();
  const show = async (query = {}) => textOf((await test.read(STAFF, { ...PAGE, ...query })).html);
  return { ...test, show };
}

/** The fields of the form that the button of an act sends. */
function fieldsOf(html: string, act: 'again' | 'enable'): Record<string, string> {
  const form = html.split('<form').find((part) => part.includes(`name="act" value="${act}"`)) ?? '';
  const inputs = form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g);
  return Object.fromEntries([...inputs].map(([, name = '', value = '']) => [name, unescaped(value)]));
}

describe('The staff page of webhooks', () => {
  it('shows each message, what was answered, and when it is sent next, and no secret', async () => {
    const receiver = await givenReceiver();
    receiver.answers(503);
    const { show, read, clock, program } = await givenTold(receiver);
    expect(await show()).toMatch(
      /affiliate\.activated http:\S+\/hook msg_\w+ Waiting 1 503 Jan 10, 2026, 10:00 AM Send again/,
    );
    expect(await show()).toContain('Has accepted nothing since Jan 10, 2026');
    receiver.answers(200);
    clock.advance({ minutes: 1 });
    await program.webhooks.deliver();
    expect(await show()).toMatch(/hook msg_\w+ Accepted 2 200 – Send again/);
    expect(await show()).toContain('Accepts what it is sent.');
    expect(unescaped((await read(STAFF, PAGE)).html)).not.toMatch(/whsec|token=hidden/);
  });

  it('says until when an address asked to be sent nothing', async () => {
    const receiver = await givenReceiver();
    receiver.answers(429, { 'retry-after': '7200' });
    const { show, clock } = await givenTold(receiver);
    expect(await show()).toContain('Asked to be sent nothing until Jan 10, 2026, 12:00 PM.');
    expect(await show()).toMatch(/Waiting 1 429 Jan 10, 2026, 12:00 PM Send again/);
    clock.advance({ hours: 2 });
    expect(await show()).toContain('Has accepted nothing since Jan 10, 2026, 10:00 AM.');
  });

  it('filters by state', async () => {
    const { show } = await givenTold(await givenReceiver());
    expect(await show({ status: 'sent' })).toContain('affiliate.activated');
    expect(await show({ status: 'waiting' })).toContain('No message is in this state.');
    expect(await show({ status: 'nonsense' })).toContain('affiliate.activated');
  });

  it('sends a message again, which the audit log tells', async () => {
    const receiver = await givenReceiver();
    const { send, read, show, program } = await givenTold(receiver);
    const fields = fieldsOf((await read(STAFF, PAGE)).html, 'again');
    const sent = await send(STAFF, PAGE, fields);
    expect(sent.headers['location']).toContain('page=webhooks&done=message_sent_again');
    await program.webhooks.deliver();
    expect(receiver.got.map(({ id }) => id)).toEqual([fields['message'], fields['message']]);
    expect(await show({ page: 'audit' })).toContain(
      `Sam Support had the message ${fields['message']} sent to ${receiver.url} again.`,
    );
  });

  it('says that an endpoint is gone, and sends to it again when staff say so', async () => {
    const receiver = await givenReceiver();
    receiver.answers(410);
    const { send, read, show, program } = await givenTold(receiver);
    expect(await show()).toMatch(/Disabled on Jan 10, 2026.*\(410\)/);
    const overview = async () => textOf((await read(STAFF)).html);
    expect(await overview()).toContain('An address that webhooks go to was disabled. Look at it');
    receiver.answers(200);
    const enabled = await send(STAFF, PAGE, fieldsOf((await read(STAFF, PAGE)).html, 'enable'));
    expect(enabled.headers['location']).toContain('done=endpoint_enabled');
    await program.webhooks.deliver();
    expect(receiver.got).toHaveLength(2);
    expect(await show()).not.toContain('Disabled on');
    expect(await overview()).not.toContain('was disabled');
    expect(await show({ page: 'audit' })).toContain(`had messages sent to ${receiver.url} again`);
  });

  it('is for staff with their token alone, and knows no message but its own', async () => {
    const { read } = await givenTold(await givenReceiver());
    const body = { ...A_FORM, ...fieldsOf((await read(STAFF, PAGE)).html, 'again') };
    const post = (who: typeof STAFF | ReturnType<typeof aClient>, typed: Record<string, string>) =>
      read(who, PAGE, { method: 'POST', body: { ...body, ...typed } });
    expect((await post(aClient('12'), {})).status).toBe(404);
    expect((await post(STAFF, { _csrf: 'another' })).status).toBe(403);
    expect((await post(STAFF, { message: 'msg_1' })).status).toBe(404);
    expect((await post(STAFF, { act: 'delete' })).status).toBe(422);
    expect((await post(STAFF, {})).status).toBe(303);
  });

  it('is neither there nor in the menu where nobody subscribed', async () => {
    const { read } = await givenProgram();
    expect((await read(STAFF, PAGE)).status).toBe(404);
    expect((await read(STAFF)).html).not.toContain('page=webhooks');
    const { read: told } = await givenTold(await givenReceiver());
    expect(unescaped((await told(STAFF)).html)).toContain('page=webhooks');
  });
});
