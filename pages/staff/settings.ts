/** The settings as they are in force; they are changed where the host keeps them. */
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

function written(name: SettingName, all: Settings, language: Language): string {
  if (name === 'threshold') return language.money(all.threshold, all.currency);
  if (name === 'defaultRate') return language.rate(all.defaultRate);
  const value = all[name];
  if (typeof value === 'number') return language.number(value);
  return typeof value === 'string' ? value : language.list(value);
}
