/** Writes the table of settings into README.md, from the table that the program itself reads. Run with `npm run docs`. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { toDecimal, writeMoney } from '../module/money';
import { describeSettings, readSettings, type SettingName, type Settings } from '../module/settings';
import { loadLanguages } from '../pages/language';

const README = path.join(__dirname, '../README.md');
const BEGIN = '<!-- settings: written by npm run docs -->';
const END = '<!-- /settings -->';

/** @returns the text with the table between its markers brought up to date */
export function withSettings(readme: string): string {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (begin < 0 || end < begin) throw new Error('README.md has no place for the settings');
  return `${readme.slice(0, begin + BEGIN.length)}\n${settingsTable()}\n${readme.slice(end)}`;
}

function settingsTable(): string {
  const english = loadLanguages({ language: 'english', timeZone: 'UTC' }).of('english');
  const rows = describeSettings().map(({ name, control, choices }) => {
    const help = english.t(`setting.${name}.help`);
    const named = choices.map((choice) => {
      const title = english.t(name === 'payoutMethods' ? `payout.${choice}` : `setting.${name}.${choice}`);
      return title.toLowerCase() === choice ? code(choice) : `${code(choice)} (${title})`;
    });
    const byDefault = defaultOf(name);
    const value = name === 'portalUrl' ? 'required' : byDefault ? code(byDefault) : 'none';
    return `| \`${name}\` | ${value} | ${help}${offer(control, named)} |`;
  });
  return ['| setting | default | what it does |', '| --- | --- | --- |', ...rows].join('\n');
}

const code = (text: string) => `\`${text}\``;

function offer(control: string, choices: readonly string[]): string {
  if (choices.length === 0) return '';
  return ` ${control === 'list' ? 'Any' : 'One'} of ${choices.join(', ')}.`;
}

/** @returns a setting's default as an operator writes it; '' for none */
export function defaultOf(name: SettingName): string {
  // Only what has no default must be given.
  const settings = readSettings({ portalUrl: 'https://my.example.com' });
  return name === 'portalUrl' ? '' : written(settings, name);
}

function written(settings: Settings, name: SettingName): string {
  const { threshold, otherThresholds, currency, defaultRate, approvalAbove } = settings;
  if (name === 'threshold') return toDecimal({ amount: threshold, currency });
  if (name === 'otherThresholds') return otherThresholds.map(writeMoney).join(', ');
  if (name === 'approvalAbove')
    return approvalAbove === null ? '' : toDecimal({ amount: approvalAbove, currency });
  if (name === 'defaultRate') return loadLanguages(settings).of('english').rate(defaultRate);
  const value = settings[name];
  return Array.isArray(value) ? value.join(', ') : String(value);
}

if (require.main === module) writeFileSync(README, withSettings(readFileSync(README, 'utf8')));
