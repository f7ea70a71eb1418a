/** All about one affiliate. */
import { AffiliatesError } from '../../module/errors';
import type { Staff } from '../../module/module';
import type { AffiliateView } from '../../module/views';
import type { AreaPage } from '../area';
import { chooseStatement } from '../client/affiliate';
import { describeAudit, describeEntries } from '../entry';
import { loadReferrals } from '../referral-table';
import { describeStatement } from '../statement';
import { describeSwitch } from '../panels/switch';
import type { SealedFacts } from '../sealer';
import { menuOf } from './menu';
import { PER_PAGE, type StaffVisit } from './visit';

export const affiliate: AreaPage<Staff> = {
  async load(visit) {
    const { module, language, request } = visit;
    const { reads, settings } = module;
    const found = await findAffiliate(visit);
    const [figures, statements, withdrawals, terms, audit, group, coupons, mark, earlier] = await Promise.all(
      [
        reads.figures(found.id),
        reads.statements(found.id),
        reads.withdrawalsOf(found.id),
        reads.terms(),
        reads.audit({ affiliateId: found.id, limit: PER_PAGE }),
        reads.groupOf(found.id),
        reads.couponsOf(found.id),
        reads.markOf(found.id),
        reads.earlierEntries(found.id, PER_PAGE),
      ],
    );
    const { currency } = chooseStatement(statements, request.query.currency);
    const id = String(found.id);
    const keep = { page: 'affiliate', id, currency: statements.length > 1 ? currency : '' };
    const [referrals, entries] = await Promise.all([
      loadReferrals(module, language, request, found.id, currency, keep),
      reads.entries({ affiliateId: found.id, currency, limit: PER_PAGE }),
    ]);
    return {
      template: 'staff/affiliate',
      title: language.t('staff.affiliate.title', { code: found.code }),
      model: {
        ...menuOf(visit, 'affiliates'),
        affiliate: found,
        id,
        figures,
        group,
        mark,
        earlier,
        coupons: coupons.length > 0 ? language.list(coupons) : '',
        currencies: statements.map((statement) => ({
          ...statement,
          selected: statement.currency === currency,
        })),
        severalCurrencies: statements.length > 1,
        currencyFields: [
          { name: 'page', value: 'affiliate' },
          { name: 'id', value: id },
        ],
        statements: statements.map((statement) =>
          describeStatement(statement, settings, language, withdrawals),
        ),
        ownRate:
          terms.find((version) => version.scope === 'affiliate' && version.scopeKey === id)?.rate ?? null,
        programRate: terms.find((version) => version.scope === 'program')?.rate ?? null,
        switcher: describeSwitch(visit.house.sealer, found, sealFor(found), false),
        withdrawals,
        referrals,
        isStaff: true,
        entries: describeEntries(entries.rows),
        audit: describeAudit(audit.rows, language),
      },
    };
  },
};

const sealFor = ({ clientId, locale }: AffiliateView): SealedFacts => ({
  clientId,
  ticketId: '',
  emailHash: '',
  userId: '',
  locale,
  from: 'affiliate',
});

/** @throws AffiliatesError page_missing for an id that is none of an affiliate */
export async function findAffiliate({ module, request }: StaffVisit): Promise<AffiliateView> {
  const { id = '' } = request.query;
  const found = /^\d{1,15}$/.test(id) ? await module.reads.affiliate(Number(id)) : null;
  if (!found) throw new AffiliatesError('page_missing', {});
  return found;
}
