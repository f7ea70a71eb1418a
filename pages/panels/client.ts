/** Our pieces of the host's own client area: the widget on its home page, and an entry in its menu. */
import { address } from '../address';
import type { House } from '../area';
import { makeFrame } from '../frame';
import type { NavItem, Panel, PanelContext } from '../page';
import { describeStatement } from '../statement';

/** WHMCS's own panels are 100 apart; this one comes after the overdue invoices and before the news. */
const WIDGET_ORDER = 150;
/** After the support menu. */
const NAVIGATION_ORDER = 55;

/** @returns the widget of an affiliate; nothing for any other client */
export async function widget(house: House, clientId: string, context: PanelContext): Promise<Panel[]> {
  const { module, languages, templates } = house;
  const affiliate = await module.reads.affiliateOfClient(clientId);
  if (!affiliate) return [];
  const language = languages.of(context.locale);
  const statements = await module.reads.statements(affiliate.id);
  const model = {
    suspended: affiliate.status !== 'active',
    statements: statements
      .filter((statement, index) => index === 0 || statement.acquired !== 0)
      .map((statement) => describeStatement(statement, module.settings, language, [])),
  };
  const more = address(context.base, {});
  return [
    {
      name: 'Affiliate Program',
      label: module.settings.programName,
      icon: 'fa-users',
      order: WIDGET_ORDER,
      extras: {
        color: 'green',
        'btn-link': more,
        'btn-text': language.t('widget.more'),
        'btn-icon': 'fa-arrow-right',
      },
      bodyHtml: templates.render('client/widget', model, makeFrame(context, language, module.settings)),
      footerHtml: '',
    },
  ];
}

export function navigation(house: House, context: PanelContext): NavItem[] {
  const label = house.languages.of(context.locale).t('navigation.label');
  return [{ name: 'Affiliate Program', label, uri: address(context.base, {}), order: NAVIGATION_ORDER }];
}
