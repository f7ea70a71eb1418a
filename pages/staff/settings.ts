/** The settings as they are in force; they are changed where the host keeps them. */
import { mostForOne } from '../../module/approval';
import type { Staff } from '../../module/module';
import { describeSettings, type SettingName, type Settings } from '../../module/settings';
import type { AreaPage } from '../area';
import type { Language } from '../language';
import { menuOf } from './menu';

export const settings: AreaPage<Staff> = {
  async load(visit) {
    const { language, module } = visit;
    return {
      template: 'staff/settings',
      title: language.t('staff.menu.settings'),
      model: {
        ...menuOf(visit, 'settings'),
        settings: describeSettings().map(({ name }) => ({
          name,
          title: language.t(`setting.${name}.title`),
          help: language.t(`setting.${name}.help`),
          value: written(name, module.settings, language),
        })),
      },
    };
  },
};

/** What a choice is called; what an operator wrote freely stays as it is. */
function nameOf(name: SettingName, value: string, language: Language): string {
  const key = name === 'payoutMethods' ? `payout.${value}` : `setting.${name}.${value}`;
  return language.has(key) ? language.t(key) : value;
}

function written(name: SettingName, all: Settings, language: Language): string {
  if (name === 'threshold') return language.money(all.threshold, all.currency);
  if (name === 'otherThresholds') return writtenThresholds(all, language);
  if (name === 'defaultRate') return language.rate(all.defaultRate);
  if (name === 'approvalAbove') return writtenMost(all, language);
  const value = all[name];
  if (typeof value === 'number') return language.number(value);
  if (typeof value !== 'string') return language.list(value.map((one) => nameOf(name, one, language)));
  return nameOf(name, value, language);
}

function writtenThresholds({ otherThresholds }: Settings, language: Language): string {
  if (otherThresholds.length === 0) return language.t('setting.otherThresholds.none');
  return language.list(otherThresholds.map(({ amount, currency }) => language.money(amount, currency)));
}

function writtenMost(settings: Settings, language: Language): string {
  const most = mostForOne(settings);
  return most ? language.money(most.amount, most.currency) : language.t('setting.approvalAbove.never');
}
