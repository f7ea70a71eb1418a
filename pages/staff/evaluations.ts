/** Why lines earned or not: found by invoice or client, or reached from an affiliate, a referral or an entry. */
import type { Staff } from '../../module/module';
import type { AreaPage } from '../area';
import { describeForStaff } from './line';
import { menuOf } from './menu';
import { cursorOf, pagesOf, type StaffVisit } from './visit';

const PER_PAGE = 10;
const LONGEST_ID = 64;

export const evaluations: AreaPage<Staff> = {
  async load(visit) {
    const { module, language } = visit;
    const asked = askedFor(visit);
    const { affiliate = '', ...named } = asked;
    const { invoice, client, referral, entry } = named;
    const about = {
      ...(invoice && { invoiceId: invoice }),
      ...(client && { clientId: client }),
      ...(referral && { referralId: referral }),
      ...(entry && { entryId: entry }),
      ...(affiliate && { affiliateId: Number(affiliate) }),
    };
    const isAsked = Object.keys(about).length > 0;
    const rows = isAsked
      ? await module.reads.lines({ about, limit: PER_PAGE, ...cursorOf(visit) })
      : { rows: [], next: null, previous: null };
    return {
      template: 'staff/evaluations',
      title: language.t('staff.menu.evaluations'),
      model: {
        ...menuOf(visit, 'evaluations'),
        search: { invoice: invoice ?? '', client: client ?? '' },
        isAsked,
        lines: rows.rows.map((line) => describeForStaff(line, language)),
        ...pagesOf(visit, rows, { page: 'evaluations', ...asked }),
      },
    };
  },
};

const NAMES = ['invoice', 'client', 'referral', 'entry', 'affiliate'] as const;

/** What the address names, of what can be looked for; an affiliate is named by its number. */
function askedFor({ request }: StaffVisit): Partial<Record<(typeof NAMES)[number], string>> {
  const given = NAMES.map((name) => [name, (request.query[name] ?? '').trim().slice(0, LONGEST_ID)] as const);
  const read = given.filter(([name, value]) => (name === 'affiliate' ? /^\d{1,15}$/.test(value) : value));
  return Object.fromEntries(read);
}
