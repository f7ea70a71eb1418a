/** Test my link: whether a click on an address would be credited now, and if not, why. */
import type { LinkReport } from '../../module/clicks';
import type { AreaPage } from '../area';
import type { Language } from '../language';
import { ownAffiliate, type ClientPerson } from './affiliate';

/** As long as any address that a portal would take. */
const ADDRESS_LIMIT = 2000;

export const testLink: AreaPage<ClientPerson> = {
  async load(visit) {
    const { module, language, request } = visit;
    const affiliate = await ownAffiliate(visit);
    const written = (request.query.address ?? '').trim().slice(0, ADDRESS_LIMIT);
    const userAgent = request.userAgent ?? null;
    const report = written ? await module.reads.testLink({ affiliate, written, userAgent }) : null;
    return {
      template: 'client/test-link',
      title: language.t('test-link.title'),
      model: { written, limit: ADDRESS_LIMIT, report: report && describe(report, language) },
    };
  },
};

function describe({ credited, checks }: LinkReport, language: Language) {
  return {
    credited,
    checks: checks.map(({ check, finding, mark, parameters }) => ({
      mark,
      markLabel: language.t(`test-link.mark.${mark}`),
      label: language.t(`test-link.${check}`),
      sentence: language.t(`test-link.${check}.${finding}`, parameters),
    })),
  };
}
