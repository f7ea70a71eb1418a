/** “I’m missing a referral”: whom the affiliate means, and what became of what it asked before. */
import { AffiliatesError } from '../../module/errors';
import type { DisputeView } from '../../module/disputes';
import type { AreaPage } from '../area';
import { readDay, requestIdOf, required, retyped, typed } from '../form';
import type { Language } from '../language';
import { ownAffiliate, type ClientPerson, type ClientVisit } from './affiliate';

const EMAIL_LIMIT = 320;
const INVOICE_LIMIT = 64;
const NOTE_LIMIT = 1000;

export const missing: AreaPage<ClientPerson> = {
  async load(visit) {
    const { module, language, request } = visit;
    const affiliate = await ownAffiliate(visit);
    const disputes = await module.reads.disputesOf(affiliate.id);
    return {
      template: 'client/missing',
      title: language.t('missing.title'),
      model: {
        ...retyped(request.body, 'email', 'invoiceId', 'day', 'note'),
        limits: { email: EMAIL_LIMIT, invoiceId: INVOICE_LIMIT, note: NOTE_LIMIT },
        canAsk: affiliate.status !== 'closed',
        disputes: disputes.map((dispute) => describe(visit, dispute)),
      },
    };
  },

  async submit(visit) {
    const { module, who, request } = visit;
    const { body } = request;
    const affiliate = await ownAffiliate(visit);
    const { found } = await module.acts.openDispute({
      requestId: requestIdOf(body),
      affiliateId: affiliate.id,
      clientId: who.id,
      email: typed(body, 'email', EMAIL_LIMIT),
      // People copy the sign that stands before the number.
      invoiceId: typed(body, 'invoiceId', INVOICE_LIMIT).replace(/^#\s*/, ''),
      day: dayNamed(visit),
      note: typed(body, 'note', NOTE_LIMIT),
    });
    return { page: 'missing', done: found ? 'dispute_found' : 'dispute_opened' };
  },
};

/** @throws AffiliatesError field_required, field_invalid for what is no day, or one that has not begun */
function dayNamed({ module, request }: ClientVisit): string {
  const day = readDay(required(request.body, 'day', 10), module.settings.timeZone);
  if (!day || day.toMillis() > module.now()) throw new AffiliatesError('field_invalid', { field: 'day' });
  return day.toFormat('yyyy-MM-dd');
}

/**
 * What the affiliate may see of a dispute: what it wrote itself without what may be erased, its own clicks, and the
 * answer. Nothing here depends on who was named, until staff answer.
 */
function describe({ module, language }: ClientVisit, dispute: DisputeView) {
  const { id, status, byEmail, invoiceId, openedAt, answer } = dispute;
  return {
    id,
    status,
    openedAt,
    invoiceId,
    byEmail,
    day: language.date(readDay(dispute.day, module.settings.timeZone)?.toMillis() ?? 0),
    clicks: clicksSentence(dispute, language),
    answer,
  };
}

function clicksSentence({ clicks, day }: DisputeView, language: Language): string {
  const named = clicks.find((each) => each.day === day);
  if (!named) return language.t('missing.clicks.forgotten');
  const { counted, repeat, robot, prefetch, suspended } = named;
  const others = repeat + robot + prefetch + suspended;
  return language.t('missing.clicks', { counted, others });
}
