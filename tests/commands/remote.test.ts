/** A host that cannot be called: it fetches what it must do, and says later what came of it. */
import type { FetchedCommand } from '../../index';
import { describeOnEachDatabase } from '../support/databases';
import { expectSound } from '../support/invariants';
import type { TestProgram } from '../support/given';
import { decisions, earned } from '../withdrawals/given';

const AVAILABLE = { clearing: 0, cleared: 6000, reserved: 0, withdrawn: 0 };
const WITHDRAWN = { clearing: 0, cleared: 0, reserved: 0, withdrawn: 6000 };

describeOnEachDatabase('Commands for a host that fetches them', (database) => {
  /** A withdrawal was asked for and approved; nothing has been fetched yet. */
  async function approved() {
    const { test, affiliate } = await earned(database, '600.00', { remote: true });
    const id = await test.withdrawal(affiliate);
    await decisions(test).approve(id);
    await test.program.deliver();
    return { test, affiliate, id, ...fetching(test) };
  }

  /** What the host does, with ids as shorthands. */
  function fetching({ program }: Pick<TestProgram, 'program'>) {
    const acknowledge = async (
      id: string,
      told: { answer: { ticketId?: string; reference?: string; refused?: string } } | { failed: true },
    ) => {
      const [taken] = await program.commands.acknowledge([{ id, ...told }]);
      return taken!.status;
    };
    const fetch = (most = 20) => program.commands.fetch(most);
    return { fetch, acknowledge };
  }

  const oneOf = (fetched: readonly FetchedCommand[], kind: FetchedCommand['kind']) =>
    fetched.find((command) => command.kind === kind)!;

  it('are fetched once, as they were asked for, and nothing is done here meanwhile', async () => {
    const { test, fetch } = await approved();
    const fetched = await fetch();
    expect(fetched.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['openTicket', 'addCredit']));
    expect(oneOf(fetched, 'openTicket').request).toMatchObject({ clientId: '5', department: 'Support' });
    expect(oneOf(fetched, 'addCredit').request).toMatchObject({ clientId: '5', decimal: '60.00' });
    expect(await fetch()).toEqual([]);
    await test.program.deliver();
    expect(test.host.asked).toEqual([]);
  });

  it('settle a payout when its credit is acknowledged, and a second acknowledgement changes nothing', async () => {
    const { test, affiliate, id, fetch, acknowledge } = await approved();
    const credit = oneOf(await fetch(), 'addCredit');
    const answer = { reference: 'CREDIT-7' };
    expect(await acknowledge(credit.id, { answer })).toBe('done');
    expect(await acknowledge(credit.id, { answer })).toBe('known');
    expect(await acknowledge(credit.id, { failed: true })).toBe('known');
    expect(await test.reads.withdrawal(id)).toMatchObject({ status: 'paid', reference: 'CREDIT-7' });
    expect(await test.accounts(affiliate)).toEqual(WITHDRAWN);
    await expectSound(test.knex, test.clock.now);
  });

  it('give a payout back when the host refuses it', async () => {
    const { test, affiliate, id, fetch, acknowledge } = await approved();
    const credit = oneOf(await fetch(), 'addCredit');
    expect(await acknowledge(credit.id, { answer: { refused: 'the account is closed' } })).toBe('done');
    expect(await test.reads.withdrawal(id)).toMatchObject({ status: 'failed' });
    expect(await test.accounts(affiliate)).toEqual(AVAILABLE);
  });

  it('wait for the ticket that they answer, which the host has to open first', async () => {
    const { test, fetch, acknowledge } = await approved();
    const first = await fetch();
    await acknowledge(oneOf(first, 'addCredit').id, { answer: { reference: 'CREDIT-7' } });
    test.clock.advance({ minutes: 1 });
    expect((await fetch()).map(({ kind }) => kind)).not.toContain('replyTicket');
    await acknowledge(oneOf(first, 'openTicket').id, { answer: { ticketId: 'T77' } });
    test.clock.advance({ minutes: 5 });
    expect(oneOf(await fetch(), 'replyTicket').request).toMatchObject({ ticketId: 'T77' });
  });

  it('are over without being fetched when the ticket that they answer will never be', async () => {
    const { test, fetch, acknowledge } = await approved();
    const first = await fetch();
    await acknowledge(oneOf(first, 'addCredit').id, { answer: { reference: 'CREDIT-7' } });
    await acknowledge(oneOf(first, 'openTicket').id, { answer: { refused: 'no such department' } });
    test.clock.advance({ minutes: 6 });
    expect((await fetch()).map(({ kind }) => kind)).not.toContain('replyTicket');
    const replies = test.knex('mod_affiliates_commands').where({ kind: 'replyTicket', status: 'waiting' });
    expect(await replies).toEqual([]);
  });

  it('come again under the same key: later after a failure, or when nothing was heard for 5 minutes', async () => {
    const { test, fetch, acknowledge } = await approved();
    const first = await fetch();
    const credit = oneOf(first, 'addCredit');
    expect(await acknowledge(credit.id, { failed: true })).toBe('postponed');
    expect(await acknowledge(credit.id, { failed: true })).toBe('known');
    expect(await fetch()).toEqual([]);
    test.clock.advance({ minutes: 1 });
    expect(await fetch()).toEqual([credit]);
    test.clock.advance({ minutes: 4 });
    expect(oneOf(await fetch(), 'openTicket')).toEqual(oneOf(first, 'openTicket'));
  });

  it('are refused an answer that is another kind’s, and know nothing of others', async () => {
    const { fetch, acknowledge } = await approved();
    const fetched = await fetch();
    await expect(
      acknowledge(oneOf(fetched, 'addCredit').id, { answer: { ticketId: 'T1' } }),
    ).rejects.toMatchObject({ code: 'field_invalid', parameters: { field: 'acks.0.answer' } });
    await expect(
      acknowledge(oneOf(fetched, 'openTicket').id, { answer: { reference: 'CREDIT-7' } }),
    ).rejects.toMatchObject({ code: 'field_invalid' });
    expect(await acknowledge('01ARZ3NDEKTSV4RRFFQ69G5FAV', { failed: true })).toBe('unknown');
  });

  it('go to one process each, and can be acknowledged at another', async () => {
    const { test, affiliate, fetch } = await approved();
    const other = await test.another();
    const [here, there] = await Promise.all([fetch(), fetching(other).fetch()]);
    const ids = [...here, ...there].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const credit = oneOf([...here, ...there], 'addCredit');
    const both = [fetching(test), fetching(other)].map(({ acknowledge }) =>
      acknowledge(credit.id, { answer: { reference: 'CREDIT-7' } }),
    );
    expect((await Promise.all(both)).sort()).toEqual(['done', 'known']);
    expect(await test.accounts(affiliate)).toEqual(WITHDRAWN);
    await expectSound(test.knex, test.clock.now);
  });

  it('tell listeners here as ever', async () => {
    const { test, affiliate } = await earned(database, '600.00', { remote: true });
    const heard: number[] = [];
    test.program.on('AffiliateWithdrawalRequest', ({ affiliateId }) => heard.push(affiliateId));
    await test.withdrawal(affiliate);
    await test.program.deliver();
    expect(heard).toEqual([affiliate.id]);
  });
});
