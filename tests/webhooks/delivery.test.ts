/** Messages on their way: signed, sent again until they are accepted, once by whatever number of processes. */
import { given, type TestProgram } from '../support/given';
import { describeOnEachDatabase } from '../support/databases';
import { SECRET, OTHER_SECRET, givenReceiver, statusesOf, verified, type Receiver } from './given';

const to = ({ url }: Receiver) => [{ url, secret: SECRET }];

/** Something to tell: one message. */
const enrol = async (test: TestProgram) => {
  await test.affiliate();
  await test.program.webhooks.deliver();
};

describeOnEachDatabase('A message', (database) => {
  it('is sent once by two processes that deliver at the same time', async () => {
    const receiver = await givenReceiver();
    const test = await given.program(database, { webhooks: to(receiver) });
    const other = await test.another();
    for (let count = 0; count < 5; count++) await test.affiliate();
    await Promise.all([test, other, test, other].map(({ program }) => program.webhooks.deliver()));
    expect(receiver.got).toHaveLength(5);
    expect(new Set(receiver.got.map(({ id }) => id)).size).toBe(5);
    expect(await statusesOf(test)).toEqual(Array(5).fill('sent 204'));
  });

  it('is sent again under the same id when a process is lost between sending and noting it', async () => {
    const receiver = await givenReceiver();
    const test = await given.program(database, { webhooks: to(receiver) });
    const other = await test.another();
    const answerThem = receiver.hangs();
    await test.affiliate();
    const lost = test.program.webhooks.deliver();
    await receiver.arrived(1);
    receiver.answers(204);
    await other.program.webhooks.deliver();
    expect(receiver.got).toHaveLength(1);
    test.clock.advance({ seconds: 61 });
    await other.program.webhooks.deliver();
    expect(receiver.got.map(({ id, body }) => ({ id, body }))).toEqual(
      Array(2).fill({ id: receiver.got[0]!.id, body: receiver.got[0]!.body }),
    );
    expect(await statusesOf(test)).toEqual(['sent 204']);
    // What the lost one would have said, come back to life, is no news.
    answerThem(500);
    await lost;
    expect(await statusesOf(test)).toEqual(['sent 204']);
  });

  it('is sent again after the delays of the specification, and then given up', async () => {
    const receiver = await givenReceiver();
    receiver.answers(500);
    const test = await given.program(database, { webhooks: to(receiver) });
    await enrol(test);
    const delays = [
      { seconds: 5 },
      { minutes: 5 },
      { minutes: 30 },
      ...[2, 5, 10, 14, 20, 24].map((hours) => ({ hours })),
    ];
    for (const [index, delay] of delays.entries()) {
      test.clock.advance(delay);
      test.clock.advance({ milliseconds: -1 });
      await test.program.webhooks.deliver();
      expect(receiver.got).toHaveLength(index + 1);
      test.clock.advance({ milliseconds: 1 });
      await test.program.webhooks.deliver();
      expect(receiver.got).toHaveLength(index + 2);
    }
    expect(await statusesOf(test)).toEqual(['failed 500']);
    test.clock.advance({ days: 2 });
    await test.program.webhooks.deliver();
    expect(receiver.got).toHaveLength(10);
    expect(new Set(receiver.got.map(({ id }) => id)).size).toBe(1);
  });
});

describeOnEachDatabase('An address that asks to be asked later', (database) => {
  it.each([
    ['429', 'seconds', '600'],
    ['503', 'a date', 'Sun, 01 Mar 2026 12:10:00 GMT'],
  ])('is left alone until then, told by %s and %s', async (status, _form, retryAfter) => {
    const receiver = await givenReceiver();
    const test = await given.program(database, { webhooks: to(receiver) });
    receiver.answers(Number(status), { 'retry-after': retryAfter });
    await enrol(test);
    receiver.answers(200);
    test.clock.advance({ minutes: 10, milliseconds: -1 });
    await enrol(test);
    expect(receiver.got).toHaveLength(1);
    const { rows } = await test.reads.deliveries({ status: 'waiting', limit: 10 });
    const then = Date.parse('2026-03-01T12:10:00Z');
    expect(rows.map(({ attempts, dueAt }) => [attempts, dueAt])).toEqual([
      [0, then],
      [1, then],
    ]);
    test.clock.advance({ milliseconds: 1 });
    await test.program.webhooks.deliver();
    expect(receiver.got).toHaveLength(3);
    expect(await statusesOf(test)).toEqual(['sent 200', 'sent 200']);
  });

  it('is asked no sooner than a message waits anyway, and the others are not kept waiting', async () => {
    const [busy, quick] = [await givenReceiver(), await givenReceiver()];
    const test = await given.program(database, { webhooks: [...to(busy), ...to(quick)] });
    busy.answers(429, { 'retry-after': '2' });
    await enrol(test);
    busy.answers(200);
    test.clock.advance({ seconds: 2 });
    await enrol(test);
    expect([busy, quick].map(({ got }) => got.length)).toEqual([2, 2]);
    expect((await statusesOf(test)).sort()).toEqual(['sent 200', 'sent 204', 'sent 204', 'waiting 429']);
    test.clock.advance({ seconds: 3 });
    await test.program.webhooks.deliver();
    expect(busy.got).toHaveLength(3);
  });
});

describe('A webhook', () => {
  it('is signed with every secret while they rotate, for a receiver that has either', async () => {
    const receiver = await givenReceiver();
    const webhooks = [{ url: receiver.url, secrets: [SECRET, OTHER_SECRET] }];
    const test = await given.programInMemory({ webhooks });
    await enrol(test);
    const [got] = receiver.got;
    const now = test.clock.now();
    for (const secret of [SECRET, OTHER_SECRET]) {
      expect(verified(got!, secret, now)).toMatchObject({ type: 'affiliate.activated' });
    }
    const stranger = `whsec_${Buffer.alloc(32).toString('base64')}`;
    expect(() => verified(got!, stranger, now)).toThrow('No matching signature');
    const changed = { ...got!, body: got!.body.replace('activated', 'suspended') };
    expect(() => verified(changed, SECRET, now)).toThrow('No matching signature');
  });

  it('is signed anew each time, so that a late attempt is not taken for an old message', async () => {
    const receiver = await givenReceiver();
    receiver.answers(503);
    const test = await given.programInMemory({ webhooks: to(receiver) });
    await enrol(test);
    receiver.answers(200);
    test.clock.advance({ hours: 1 });
    await test.program.webhooks.deliver();
    const [first, second] = receiver.got;
    expect(verified(second!, SECRET, test.clock.now())).toEqual(JSON.parse(first!.body));
    expect(() => verified(first!, SECRET, test.clock.now())).toThrow('timestamp too old');
  });

  it('goes to those who asked for its type alone', async () => {
    const [all, one] = [await givenReceiver(), await givenReceiver()];
    const webhooks = [...to(all), { url: one.url, secret: SECRET, types: ['commission.earned' as const] }];
    const test = await given.programInMemory({ webhooks });
    const affiliate = await test.affiliate();
    test.clock.advance({ seconds: 1 });
    await test.pays({ userid: await test.referral(affiliate) });
    await test.program.webhooks.deliver();
    const typesOf = ({ got }: Receiver) => got.map(({ body }) => (JSON.parse(body) as { type: string }).type);
    expect(typesOf(one)).toEqual(['commission.earned']);
    expect(typesOf(all)).toEqual([
      'affiliate.activated',
      'commission.earned',
      'commission.cleared',
      'balance.changed',
    ]);
  });

  it('follows no redirect', async () => {
    const [receiver, elsewhere] = [await givenReceiver(), await givenReceiver()];
    receiver.answers(302, { location: elsewhere.url });
    const test = await given.programInMemory({ webhooks: to(receiver) });
    await enrol(test);
    expect(elsewhere.got).toEqual([]);
    expect(await statusesOf(test)).toEqual(['waiting 302']);
  });

  it('is not delayed by another that hangs, and delays nothing that the host does', async () => {
    const [slow, quick] = [await givenReceiver(), await givenReceiver()];
    const answerThem = slow.hangs();
    const test = await given.programInMemory({ webhooks: [...to(slow), ...to(quick)] });
    await test.affiliate();
    const delivery = test.program.webhooks.deliver();
    await Promise.all([slow.arrived(1), quick.arrived(1)]);
    await test.program.deliver();
    expect(test.host.doneBy('sendMail')).toHaveLength(1);
    answerThem(200);
    await delivery;
    expect(slow.got).toHaveLength(1);
  });

  it('ends for an endpoint that says it is gone, until staff send to it again', async () => {
    const receiver = await givenReceiver();
    receiver.answers(410);
    const test = await given.programInMemory({ webhooks: to(receiver) });
    await enrol(test);
    test.clock.advance({ hours: 1 });
    await enrol(test);
    expect(receiver.got).toHaveLength(1);
    const { rows } = await test.reads.deliveries({ status: 'waiting', limit: 10 });
    expect(rows.map(({ dueAt }) => dueAt)).toEqual([null, null]);
    receiver.answers(200);
    const [row] = rows;
    await test.acts.enableEndpoint({ staff: { id: '1', name: 'Sam' }, endpoint: row!.endpoint });
    await test.program.webhooks.deliver();
    expect(receiver.got).toHaveLength(3);
    expect(await statusesOf(test)).toEqual(['sent 200', 'sent 200']);
  });

  it('ends for an endpoint that accepted nothing for five days, and not for one that did in between', async () => {
    const [dead, shaky] = [await givenReceiver(), await givenReceiver()];
    const test = await given.programInMemory({ webhooks: [...to(dead), ...to(shaky)] });
    dead.answers(500);
    for (let day = 0; day <= 5; day++) {
      shaky.answers(day === 3 ? 200 : 500);
      await enrol(test);
      test.clock.advance({ days: 1 });
    }
    const { rows } = await test.reads.deliveries({ status: 'all', limit: 100 });
    const states = await test.reads.endpointStates(rows.map(({ endpoint }) => endpoint));
    const reasonOf = ({ url }: Receiver) =>
      states.get(rows.find((row) => row.url === url)!.endpoint)!.disabledFor;
    expect([reasonOf(dead), reasonOf(shaky)]).toEqual(['failing', '']);
  });

  it('ends with the program, which waits for the message under way and sends no other', async () => {
    const receiver = await givenReceiver();
    const answerThem = receiver.hangs();
    const test = await given.programInMemory({ webhooks: to(receiver) });
    await test.affiliate();
    await test.affiliate();
    void test.program.webhooks.deliver();
    await receiver.arrived(1);
    const closed = test.close();
    answerThem(200);
    await closed;
    expect(receiver.got).toHaveLength(1);
  });
});
