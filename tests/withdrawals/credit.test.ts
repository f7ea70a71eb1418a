/** Payouts that the host carries out as account credit: it may fail, refuse, or never be heard of again. */
import { describeOnEachDatabase, describeOnMariaDb } from '../support/databases';
import { breakTable } from '../support/faults';
import { expectSound } from '../support/invariants';
import { decisions, earned } from './given';

const AVAILABLE = { clearing: 0, cleared: 6000, reserved: 0, withdrawn: 0 };
const RESERVED = { clearing: 0, cleared: 0, reserved: 6000, withdrawn: 0 };
const WITHDRAWN = { clearing: 0, cleared: 0, reserved: 0, withdrawn: 6000 };

describeOnEachDatabase('A payout as account credit', (database) => {
  async function approved() {
    const { test, affiliate } = await earned(database);
    const id = await test.withdrawal(affiliate);
    await test.program.deliver();
    const approve = () => decisions(test).approve(id);
    return { test, affiliate, id, approve };
  }

  it('is paid when the host has added it', async () => {
    const { test, affiliate, id, approve } = await approved();
    await approve();
    expect(await test.reads.withdrawal(id)).toMatchObject({ status: 'paying' });
    expect(await test.accounts(affiliate)).toEqual(RESERVED);
    await test.program.deliver();
    expect(test.host.doneBy('addCredit')).toEqual([
      {
        clientId: '5',
        money: { amount: 6000, currency: 'USD' },
        decimal: '60.00',
        description: expect.stringContaining('ffiliate') as string,
      },
    ]);
    expect(await test.reads.withdrawal(id)).toMatchObject({
      status: 'paid',
      reference: expect.stringMatching(/^CREDIT-/) as string,
    });
    expect(await test.accounts(affiliate)).toEqual(WITHDRAWN);
    await expectSound(test.knex, test.clock.now);
  });

  it('is asked for again under the same key while the host is out of reach, and added once', async () => {
    const { test, affiliate, id, approve } = await approved();
    test.host.fails('addCredit');
    await approve();
    for (const minutes of [0, 1, 5, 15]) {
      test.clock.advance({ minutes });
      await test.program.deliver();
      await test.program.deliver();
    }
    expect(await test.accounts(affiliate)).toEqual(RESERVED);
    await expect(decisions(test).deny(id)).rejects.toMatchObject({ code: 'withdrawal_not_open' });
    await expect(decisions(test).cancel(affiliate, id)).rejects.toMatchObject({
      code: 'withdrawal_not_open',
    });
    test.host.works('addCredit');
    test.clock.advance({ hours: 1 });
    await test.program.deliver();
    await test.program.deliver();
    const asked = test.host.asked.filter(({ port }) => port === 'addCredit');
    // Four times in vain, each after a longer wait, and once that was heard.
    expect(asked).toHaveLength(5);
    expect(new Set(asked.map(({ key }) => key)).size).toBe(1);
    expect(test.host.doneBy('addCredit')).toHaveLength(1);
    expect(await test.accounts(affiliate)).toEqual(WITHDRAWN);
    await expectSound(test.knex, test.clock.now);
  });

  it('whose answer was lost is asked for again, and added once', async () => {
    const { test, affiliate, approve } = await approved();
    test.host.losesAnswers('addCredit');
    await approve();
    await test.program.deliver();
    expect(test.host.doneBy('addCredit')).toHaveLength(1);
    expect(await test.accounts(affiliate)).toEqual(RESERVED);
    test.host.works('addCredit');
    test.clock.advance({ minutes: 1 });
    await test.program.deliver();
    expect(test.host.doneBy('addCredit')).toHaveLength(1);
    expect(await test.accounts(affiliate)).toEqual(WITHDRAWN);
    await expectSound(test.knex, test.clock.now);
  });

  it('that could not be recorded after the host’s answer is recorded later, and added once', async () => {
    const { test, affiliate, approve } = await approved();
    await approve();
    // Nothing can be kept any more: the process might as well have died right after the answer.
    const mend = await breakTable(test.knex, 'mod_affiliates_events');
    await test.program.deliver();
    expect(test.host.doneBy('addCredit')).toHaveLength(1);
    expect(await test.accounts(affiliate)).toEqual(RESERVED);
    await mend();
    test.clock.advance({ minutes: 1 });
    await test.program.deliver();
    expect(test.host.doneBy('addCredit')).toHaveLength(1);
    expect(await test.accounts(affiliate)).toEqual(WITHDRAWN);
    await expectSound(test.knex, test.clock.now);
  });

  it('that a process has taken up and died with is taken over by the next', async () => {
    const { test, affiliate, approve } = await approved();
    await approve();
    const inFiveMinutes = test.clock.now().getTime() + 5 * 60_000;
    const commands = test.knex('mod_affiliates_commands').where({ kind: 'addCredit' });
    await commands.clone().update({ claimed_until: inFiveMinutes });
    await test.program.deliver();
    expect(test.host.doneBy('addCredit')).toEqual([]);
    test.clock.advance({ minutes: 5 });
    await test.program.deliver();
    expect(test.host.doneBy('addCredit')).toHaveLength(1);
    expect(await test.accounts(affiliate)).toEqual(WITHDRAWN);
  });

  it('that the host refuses is available again, and the affiliate is told', async () => {
    const { test, affiliate, id, approve } = await approved();
    test.host.refuses('addCredit', 'the account is locked');
    await approve();
    await test.program.deliver();
    await test.program.deliver();
    expect(await test.reads.withdrawal(id)).toMatchObject({
      status: 'failed',
      reason: 'the account is locked',
    });
    expect(await test.accounts(affiliate)).toEqual(AVAILABLE);
    expect(test.host.doneBy('sendMail').at(-1)?.subject).toBeTruthy();
    expect(test.host.doneBy('replyTicket')).toHaveLength(1);
    test.host.works('addCredit');
    const again = await test.withdrawal(affiliate);
    await decisions(test).approve(again);
    await test.program.deliver();
    expect(await test.accounts(affiliate)).toEqual(WITHDRAWN);
    await expectSound(test.knex, test.clock.now);
  });

  it('goes on although its ticket could not be opened, and nothing is left waiting', async () => {
    const { test, affiliate } = await earned(database);
    test.host.refuses('openTicket', 'the department is closed');
    const id = await test.withdrawal(affiliate);
    await test.program.deliver();
    await decisions(test).approve(id);
    await test.program.deliver();
    expect(await test.accounts(affiliate)).toEqual(WITHDRAWN);
    const waiting = test.knex('mod_affiliates_commands').where({ status: 'waiting' });
    expect(await waiting.pluck('kind')).toEqual([]);
  });
});

describeOnMariaDb('Two processes that deliver at once', (database) => {
  it('ask the host for each thing once', async () => {
    const { test, affiliate } = await earned(database);
    const other = await test.another();
    const id = await test.withdrawal(affiliate);
    await test.program.deliver();
    await decisions(test).approve(id);
    await Promise.all([test, other, test, other].map(({ program }) => program.deliver()));
    await test.program.deliver();
    const keys = test.host.asked.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(await test.accounts(affiliate)).toEqual(WITHDRAWN);
    await expectSound(test.knex, test.clock.now);
  });
});
