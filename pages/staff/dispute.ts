/** One dispute with the evidence laid out, and its answer. */
import type { DisputeEvidence, DisputeView, EvidenceClient, EvidenceLine } from '../../module/disputes';
import { AffiliatesError } from '../../module/errors';
import type { Staff } from '../../module/module';
import type { AreaPage, Destination } from '../area';
import { dayOf, readDay, requestIdOf, required, retyped } from '../form';
import type { Language } from '../language';
import { describeLine } from '../why';
import { menuOf } from './menu';
import type { StaffVisit } from './visit';

const REASON_LIMIT = 500;
const CLIENT_LIMIT = 64;
const MOST_PAYMENTS = 10;

export const dispute: AreaPage<Staff> = {
  async load(visit, problem) {
    const { module, language } = visit;
    const found = await findDispute(visit);
    const evidence = await module.reads.evidence(found.id);
    const zone = module.settings.timeZone;
    const dateOf = (day: string) => language.date(readDay(day, zone)?.toMillis() ?? 0);
    return {
      template: 'staff/dispute',
      title: language.t('staff.dispute.title'),
      model: {
        ...menuOf(visit, 'disputes'),
        dispute: found,
        day: dateOf(found.day),
        clicks: found.clicks.map((clicks) => ({
          ...clicks,
          date: dateOf(clicks.day),
          isNamed: clicks.day === found.day,
        })),
        lines: describe(evidence.lines, language),
        clients: await Promise.all(evidence.clients.map((client) => describeClient(visit, client))),
        ...formOf(visit, found, evidence, problem.message !== ''),
      },
    };
  },

  async submit(visit) {
    const { request } = visit;
    const { id } = await findDispute(visit);
    if (request.body.decision === 'decline') return decline(visit, id);
    if (request.body.decision === 'credit') return credit(visit, id);
    throw new AffiliatesError('field_invalid', { field: 'decision' });
  },
};

async function decline(
  { module, who, request: { body } }: StaffVisit,
  disputeId: string,
): Promise<Destination> {
  const reason = required(body, 'reason', REASON_LIMIT);
  await module.acts.declineDispute({ requestId: requestIdOf(body), staff: who, disputeId, reason });
  return { page: 'dispute', parameters: { id: disputeId }, done: 'dispute_declined' };
}

async function credit(
  { module, who, request: { body } }: StaffVisit,
  disputeId: string,
): Promise<Destination> {
  const clientId = required(body, 'clientId', CLIENT_LIMIT);
  const from = readDay(required(body, 'holdsFrom', 10), module.settings.timeZone);
  if (!from) throw new AffiliatesError('field_invalid', { field: 'holdsFrom' });
  const answer = { clientId, holdsFrom: from.toMillis(), reason: required(body, 'reason', REASON_LIMIT) };
  await module.acts.creditDispute({ requestId: requestIdOf(body), staff: who, disputeId, ...answer });
  return { page: 'dispute', parameters: { id: disputeId }, done: 'dispute_credited' };
}

/** The forms filled in: with the one client who can be credited, from the day it signed up. */
function formOf(
  { module, request }: StaffVisit,
  { day }: DisputeView,
  { clients }: DisputeEvidence,
  isRetyped: boolean,
) {
  const form = retyped(request.body, 'decision', 'reason', 'clientId', 'holdsFrom');
  const declined = form.decision === 'decline' ? form.reason : '';
  const credited = form.decision === 'credit' ? form.reason : '';
  if (isRetyped) return { ...form, declined, credited };
  const [client] = clients.filter(({ isFree }) => isFree);
  const { timeZone } = module.settings;
  const signedUp = client?.signedUpAt ?? readDay(day, timeZone)?.toMillis() ?? 0;
  return {
    ...form,
    clientId: client?.clientId ?? '',
    holdsFrom: dayOf(signedUp, timeZone),
    declined,
    credited,
  };
}

function describe(lines: readonly EvidenceLine[], language: Language) {
  return lines.map(({ subject, finding, parameters }) => ({
    label: language.t(`evidence.${subject}`),
    sentence: language.t(`evidence.${subject}.${finding}`, {
      ...parameters,
      ...(typeof parameters.at === 'number' && { at: language.time(parameters.at) }),
    }),
  }));
}

/** A client with what it paid last, and whether that earned anybody anything. */
async function describeClient({ module, language }: StaffVisit, { clientId, lines }: EvidenceClient) {
  const paid = await module.reads.lines({ about: { clientId }, limit: MOST_PAYMENTS });
  return {
    clientId,
    lines: describe(lines, language),
    more: paid.next !== null,
    payments: paid.rows.map((line) => {
      const { product, outcome, answer, found } = describeLine(line, language, 'staff');
      const { invoiceId, paidAt, net, currency } = line;
      // What the last rule found decided.
      return { invoiceId, paidAt, net, currency, product, outcome, answer, why: found.at(-1) ?? '' };
    }),
  };
}

/** @throws AffiliatesError dispute_missing */
async function findDispute({ module, request }: StaffVisit): Promise<DisputeView> {
  const id = (request.query.id ?? '').slice(0, 64);
  const found = id ? await module.reads.dispute(id) : null;
  if (!found) throw new AffiliatesError('dispute_missing', { dispute: id });
  return found;
}
