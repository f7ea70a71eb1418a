/** Every entry of the statement, newest first. */
import { address } from '../address';
import type { AreaPage } from '../area';
import { describeEntries } from '../entry';
import { chooseStatement, ownAffiliate, type ClientPerson } from './affiliate';

const PER_PAGE = 25;

export const entries: AreaPage<ClientPerson> = {
  async load(visit) {
    const { module, language, request } = visit;
    const affiliate = await ownAffiliate(visit);
    const statements = await module.reads.statements(affiliate.id);
    const { currency } = chooseStatement(statements, request.query.currency);
    const { cursor } = request.query;
    const rows = await module.reads.entries({
      affiliateId: affiliate.id,
      currency,
      limit: PER_PAGE,
      ...(cursor && { cursor }),
    });
    const turn = (to: string | null) =>
      to ? address(request.base, { page: 'entries', currency, cursor: to }) : '';
    return {
      template: 'client/entries',
      title: language.t('entries.title'),
      model: {
        currency,
        entries: describeEntries(rows.rows),
        nextAddress: turn(rows.next),
        previousAddress: turn(rows.previous),
      },
    };
  },
};
