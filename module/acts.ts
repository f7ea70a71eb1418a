/** What people do on pages: each act is an event of its own source, carried out at once or refused without a trace. */
import validator from 'validator';
import { mostForOne } from './approval';
import { makeDue } from './commands';
import { lookForReferral, signupOfKnown } from './disputes';
import { AffiliatesError } from './errors';
import { act, retryWaiting, type Intake } from './events';
import type { Actor, EventPayloads, EventType, ProgramEvent } from './events/rules';
import { hashAccounts, hashEmail } from './keys';
import type { Acts, Staff } from './module';
import { proveAndKeep } from './proof';
import type { Settings } from './settings';
import { checkWhose } from './terms';
import { enableAgain, sendAgain } from './webhooks';

type Perform = <T extends EventType>(
  type: T,
  requestId: string,
  by: Actor,
  payload: EventPayloads[T],
  beside?: Pick<ProgramEvent, 'personal' | 'personalOf'>,
) => Promise<Readonly<Record<string, unknown>>>;

export function createActs(intake: Intake): Acts {
  const perform: Perform = (type, requestId, by, payload, beside = {}) => {
    const occurredAt = intake.now();
    return act(intake, { source: 'page', id: requestId, type, occurredAt, by, payload, ...beside });
  };
  return {
    requestProgram: async ({ requestId, clientId, locale }) => {
      await perform('program.requested', requestId, byClient(clientId), { clientId, locale });
    },
    switchAffiliate: async ({ requestId, staff, emailHash, userId, ...payload }) => {
      // What is not told must not stand in the way of what a signup told.
      const personal = { ...(emailHash && { emailHash }), ...(userId && { userId }) };
      const beside = { personal, personalOf: payload.clientId };
      const result = await perform('affiliate.switched', requestId, byStaff(staff), payload, beside);
      const { affiliateId } = result;
      return { affiliateId: typeof affiliateId === 'number' ? affiliateId : null };
    },
    requestWithdrawal: async ({ requestId, clientId, details, ...payload }) => {
      const accounts = hashAccounts(await intake.identityKey(intake.knex), details);
      const personal = { details, ...(accounts && { accounts }) };
      const beside = details ? { personal, personalOf: clientId } : {};
      const result = await perform('withdrawal.requested', requestId, byClient(clientId), payload, beside);
      return { withdrawalId: String(result['withdrawalId']) };
    },
    cancelWithdrawal: async ({ requestId, clientId, ...payload }) => {
      await perform('withdrawal.cancelled', requestId, byClient(clientId), payload);
    },
    approveWithdrawal: async ({ requestId, staff, ...payload }) => {
      const told = { ...payload, approvalAbove: mostForOne(intake.settings) };
      const result = await perform('withdrawal.approved', requestId, byStaff(staff), told);
      return { waitsForSecond: result['waitsForSecond'] === true };
    },
    denyWithdrawal: async ({ requestId, staff, ...payload }) => {
      await perform('withdrawal.denied', requestId, byStaff(staff), payload);
    },
    ...correctionActs(perform, intake.settings),
    ...holdActs(perform),
    changeTerms: async ({ requestId, staff, ...payload }) => {
      await checkWhose(intake.knex, payload);
      await perform('terms.changed', requestId, byStaff(staff), payload);
    },
    changeGroup: async ({ requestId, staff, ...payload }) => {
      await perform('group.changed', requestId, byStaff(staff), payload);
    },
    moveToGroup: async ({ requestId, staff, ...payload }) => {
      await perform('affiliate.grouped', requestId, byStaff(staff), payload);
    },
    changeCoupon: async ({ requestId, staff, ...payload }) => {
      await perform('coupon.changed', requestId, byStaff(staff), payload);
    },
    ...disputeActs(intake, perform),
    ...deliveryActs(intake),
    prove: () => proveAndKeep(intake.knex, { id: intake.newId(), now: intake.now() }),
    retryEvents: async () => {
      await makeDue(intake.knex, intake.now());
      return retryWaiting(intake, Infinity);
    },
  };
}

function holdActs(perform: Perform): Pick<Acts, 'releaseHold' | 'voidHold' | 'liftMark'> {
  return {
    releaseHold: async ({ requestId, staff, ...payload }) => {
      await perform('hold.released', requestId, byStaff(staff), payload);
    },
    voidHold: async ({ requestId, staff, ...payload }) => {
      await perform('hold.voided', requestId, byStaff(staff), payload);
    },
    liftMark: async ({ requestId, staff, ...payload }) => {
      await perform('mark.lifted', requestId, byStaff(staff), payload);
    },
  };
}

type CorrectionActs = Pick<
  Acts,
  'proposeCorrection' | 'approveCorrection' | 'rejectCorrection' | 'retractCorrection'
>;

function correctionActs(perform: Perform, settings: Settings): CorrectionActs {
  return {
    proposeCorrection: async ({ requestId, staff, ...payload }) => {
      const told = { ...payload, approvalAbove: mostForOne(settings) };
      const result = await perform('correction.proposed', requestId, byStaff(staff), told);
      return { correctionId: String(result['correctionId']), posted: result['status'] === 'posted' };
    },
    approveCorrection: async ({ requestId, staff, ...payload }) => {
      await perform('correction.approved', requestId, byStaff(staff), payload);
    },
    rejectCorrection: async ({ requestId, staff, ...payload }) => {
      await perform('correction.rejected', requestId, byStaff(staff), payload);
    },
    retractCorrection: async ({ requestId, staff, ...payload }) => {
      await perform('correction.retracted', requestId, byStaff(staff), payload);
    },
  };
}

type DisputeActs = Pick<Acts, 'openDispute' | 'declineDispute' | 'creditDispute'>;

function disputeActs(intake: Intake, perform: Perform): DisputeActs {
  return {
    openDispute: async ({ requestId, clientId, email, note, ...named }) => {
      const { knex, settings } = intake;
      if (email && !validator.isEmail(email)) throw new AffiliatesError('field_invalid', { field: 'email' });
      if (!email && !named.invoiceId) throw new AffiliatesError('field_required', { field: 'email' });
      const emailHash = hashEmail(await intake.identityKey(knex), email);
      // The request's own id, which a replay has as well.
      const asked = { disputeId: requestId, ...named };
      const looked = await lookForReferral(knex, settings, intake.now(), { ...asked, emailHash });
      const payload = { ...asked, byEmail: email !== '', ...looked };
      const beside = { personal: { emailHash, note }, personalOf: clientId };
      const result = await perform('dispute.opened', requestId, byClient(clientId), payload, beside);
      return { found: result['found'] === true };
    },
    declineDispute: async ({ requestId, staff, ...payload }) => {
      await perform('dispute.declined', requestId, byStaff(staff), payload);
    },
    creditDispute: async ({ requestId, staff, ...answer }) => {
      const signedUpAt = (await signupOfKnown(intake.knex, answer.clientId)) ?? answer.holdsFrom;
      await perform('dispute.credited', requestId, byStaff(staff), { ...answer, signedUpAt });
    },
  };
}

/** What these do is no part of the history, and so no event; the audit log has them all the same. */
function deliveryActs(intake: Intake): Pick<Acts, 'sendAgain' | 'enableEndpoint'> {
  const recordedBy = (staff: Staff) => ({ newId: intake.newId, now: intake.now(), by: byStaff(staff) });
  return {
    sendAgain: ({ staff, ...delivery }) => sendAgain(intake.knex, recordedBy(staff), delivery),
    enableEndpoint: ({ staff, endpoint }) => enableAgain(intake.knex, recordedBy(staff), endpoint),
  };
}

const byClient = (id: string): Actor => ({ kind: 'client', id });
const byStaff = ({ id, name }: Staff): Actor => ({ kind: 'staff', id, name });
