/** The affiliate page, or for other clients what the program is and how to ask for it. */
import type { Rate } from '../../module/settings';
import { stepFor, type Duration, type TermsRate } from '../../module/terms/rules';
import type { AffiliateView } from '../../module/views';
import type { AreaPage, Shown } from '../area';
import { describeEntries } from '../entry';
import { required, requestIdOf } from '../form';
import { loadBanners } from './banners';
import { loadReferrals } from '../referral-table';
import { describeStatement } from '../statement';
import { chooseStatement, ownAffiliate, type ClientPerson, type ClientVisit } from './affiliate';
import { exampleCodes } from './example-codes';
import { buildLink } from './link-builder';

const LATEST_ENTRIES = 6;

async function load(visit: ClientVisit): Promise<Shown> {
  const affiliate = await visit.module.reads.affiliateOfClient(visit.who.id);
  return affiliate ? loadAffiliate(visit, affiliate) : loadInvitation(visit);
}

async function loadInvitation({ module, who }: ClientVisit): Promise<Shown> {
  const [request, [terms]] = await Promise.all([module.reads.openRequestOf(who.id), module.reads.terms()]);
  const { programName, threshold, currency, cookieDays, defaultRate, recurring } = module.settings;
  const { rate, often } = offerOf(terms?.rate ?? defaultRate, terms?.recurring ?? recurring);
  return {
    template: 'client/invitation',
    title: programName,
    model: {
      request,
      threshold,
      currency,
      cookieDays,
      rate,
      offer: rate.kind === 'fixed' ? `${often}_fixed` : often,
    },
  };
}

/** What is offered at first sight: of a rate in steps the first one, of payments that earn for a while that they do. */
function offerOf(rate: TermsRate, recurring: Duration): { rate: Rate; often: 'every' | 'once' } {
  const flat = rate.kind === 'steps' ? stepFor(rate, 1).rate : rate;
  return { rate: flat, often: recurring === 'once' ? 'once' : 'every' };
}

async function loadAffiliate(visit: ClientVisit, affiliate: AffiliateView): Promise<Shown> {
  const { module, language, request } = visit;
  const { reads, settings } = module;
  const [figures, statements, withdrawals, coupons] = await Promise.all([
    reads.figures(affiliate.id),
    reads.statements(affiliate.id),
    reads.withdrawalsOf(affiliate.id),
    reads.couponsOf(affiliate.id),
  ]);
  const chosen = chooseStatement(statements, request.query.currency);
  const { currency } = chosen;
  const keep = { currency: statements.length > 1 ? currency : '' };
  const [referrals, entries] = await Promise.all([
    loadReferrals(module, language, request, affiliate.id, currency, keep),
    reads.entries({ affiliateId: affiliate.id, currency, limit: LATEST_ENTRIES }),
  ]);
  const builder = buildLink(affiliate.code, settings, request.query, language);
  return {
    template: 'client/home',
    title: settings.programName,
    model: {
      affiliate,
      figures,
      cookieDays: settings.cookieDays,
      builder,
      coupons,
      currencies: statements.map((statement) => ({
        ...statement,
        selected: statement.currency === currency,
      })),
      severalCurrencies: statements.length > 1,
      currencyFields: [],
      statement: describeStatement(chosen, settings, language, withdrawals),
      withdrawals,
      referrals,
      isStaff: false,
      entries: describeEntries(entries.rows),
      codes: exampleCodes(builder.link, language.t('examples.text')),
      banners: loadBanners(request.assets, settings.portalUrl, builder.link),
    },
  };
}

export const home: AreaPage<ClientPerson> = { load };

export const requestProgram: AreaPage<ClientPerson> = {
  load,
  async submit({ module, who, request }) {
    const requestId = requestIdOf(request.body);
    await module.acts.requestProgram({ requestId, clientId: who.id, locale: request.locale });
    return { page: '', done: 'program_requested' };
  },
};

export const cancelWithdrawal: AreaPage<ClientPerson> = {
  load,
  async submit(visit) {
    const { module, who, request } = visit;
    const affiliate = await ownAffiliate(visit);
    await module.acts.cancelWithdrawal({
      requestId: requestIdOf(request.body),
      affiliateId: affiliate.id,
      clientId: who.id,
      withdrawalId: required(request.body, 'withdrawalId', 64),
    });
    return { page: '', done: 'withdrawal_cancelled' };
  },
};
