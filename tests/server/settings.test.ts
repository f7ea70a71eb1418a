/** Settings that the portal sends while it asks for everything else: nobody is refused, and nobody sees a part of them. */
import { describeOnEachDatabase } from '../support/databases';
import { paidInvoice } from '../support/payloads';
import { CLIENT, fact, referAndPay, startService, type Answered, type TestService } from './given';

const CHANGES = 12;

/** Each with what the widget then says, of an affiliate that has earned 10.00. */
const FIRST = { label: 'Affiliate Program', missing: '$40.00' };
const NIMBUS = { programName: 'Nimbus Partners', threshold: '75.00' };
const CIRRUS = { programName: 'Cirrus Friends', threshold: '20.00' };
const SHOWN = { nimbus: { label: NIMBUS.programName, missing: '$65.00' } } as const;
const ALL = [FIRST, SHOWN.nimbus, { label: CIRRUS.programName, missing: '$10.00' }];

const { base, assets, csrf } = CLIENT;

/** What the affiliate sees of two settings at once. */
async function look({ ask }: TestService) {
  const payload = { userid: 5, page: { locale: 'en', base, assets, csrf } };
  const { json } = await ask('POST', '/pages/panels/ClientAreaHomepagePanels', payload);
  const [panel] = json['shown'] as { label: string; bodyHtml: string }[];
  return {
    label: panel?.label,
    missing: /(\$[\d.]+) more until/.exec(panel?.bodyHtml ?? '')?.[1],
  };
}

const earnTen = (test: TestService) => referAndPay(test, '5', { total: '100.00' });

/** Does something again and again until other work has ended. @returns what each time gave */
async function meanwhile<T>(work: Promise<unknown>, something: () => Promise<T>): Promise<T[]> {
  const state = { ended: false };
  const ending = work.finally(() => {
    state.ended = true;
  });
  const all: T[] = [];
  do all.push(await something());
  while (!state.ended);
  await ending;
  return all;
}

describeOnEachDatabase('Settings that change while requests are under way', (database) => {
  /** SQLite is one process's; of another database several processes live. */
  async function startAll(): Promise<{ url: string; one: TestService; services: readonly TestService[] }> {
    const url = await database.clean();
    const one = await startService(url);
    const others = database.name === 'SQLite' ? [] : [await startService(url, {}, one.clock)];
    return { url, one, services: [one, ...others] };
  }

  it('hold as a whole for each request, refuse none, and keep what came before', async () => {
    const { url, one, services } = await startAll();
    await earnTen(one);
    expect(await look(one)).toEqual(FIRST);
    const change = async () => {
      const answers: Answered[] = [];
      for (let turn = 0; turn < CHANGES; turn++) {
        const settings = turn % 2 === 0 ? CIRRUS : NIMBUS;
        const to = services[turn % services.length] ?? one;
        answers.push(await to.ask('PUT', '/settings', { settings }));
      }
      return answers;
    };
    const changing = change();
    const pay = (to: TestService) => () =>
      to.ask('POST', '/events', fact(to.clock, 'InvoicePaid', paidInvoice({ userid: '9' })));
    const [looks, payments] = await Promise.all([
      Promise.all(services.map((service) => meanwhile(changing, () => look(service)))),
      Promise.all(services.map((service) => meanwhile(changing, pay(service)))),
    ]);
    expect((await changing).map(({ status, json }) => [status, json])).toEqual(
      Array<unknown>(CHANGES).fill([200, { applied: true, overridden: [] }]),
    );
    for (const seen of looks.flat()) expect(ALL).toContainEqual(seen);
    const taken = payments.flat();
    const processed = { answer: { accepted: true, status: 'processed', retry: false } };
    expect(taken.map(({ json }) => json)).toEqual(Array<unknown>(taken.length).fill(processed));
    // What was earned and whatever was told meanwhile is there, at every process, under the last settings.
    for (const service of services) expect(await look(service)).toEqual(SHOWN.nimbus);
    const { text } = await one.ask('GET', '/metrics', undefined, { authorization: null });
    expect(text).toMatch(/^affiliates_oldest_waiting_event_age_seconds 0$/m);
    const paid = { type: 'invoice.paid' };
    const kept = await database.connect(url)('mod_affiliates_events').where(paid);
    expect(kept).toHaveLength(taken.length + 1);
    expect(services.flatMap(({ log }) => log).filter((line) => line.includes('"level":50'))).toEqual([]);
  });

  it('stay as they were where one of those sent is wrong, whoever looks', async () => {
    const { one, services } = await startAll();
    await earnTen(one);
    await one.ask('PUT', '/settings', { settings: NIMBUS });
    const wrong = { settings: { ...CIRRUS, currency: 'gold' } };
    const refusing = Promise.all(services.map(({ ask }) => ask('PUT', '/settings', wrong)));
    const looks = await Promise.all(services.map((service) => meanwhile(refusing, () => look(service))));
    expect((await refusing).map(({ status }) => status)).toEqual(services.map(() => 422));
    for (const seen of looks.flat()) expect(seen).toEqual(SHOWN.nimbus);
    for (const service of services) expect(await look(service)).toEqual(SHOWN.nimbus);
  });

  it('that are sent at once are both taken, and the same ones hold at every process', async () => {
    const { one, services } = await startAll();
    await earnTen(one);
    for (let round = 0; round < 5; round++) {
      const sent = [NIMBUS, CIRRUS, NIMBUS, CIRRUS].map((settings, place) => {
        const to = services[place % services.length] ?? one;
        return to.ask('PUT', '/settings', { settings });
      });
      expect((await Promise.all(sent)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
      const [first, ...others] = await Promise.all(services.map(look));
      expect(ALL.slice(1)).toContainEqual(first);
      expect(others).toEqual(others.map(() => first));
    }
  });
});
