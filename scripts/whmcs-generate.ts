/**
 * Writes what the WHMCS addon has of the program's own tables: its form from the table of settings, and the sentences it
 * says itself from lang/. Run with `npm run whmcs:generate`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describeSettings, type SettingName } from '../module/settings';
import { loadLanguages, type Language } from '../pages/language';
import { defaultOf } from './docs';

const ROOT = path.join(__dirname, '..');
export const ADDON = path.join(ROOT, 'whmcs/modules/addons/cloudpockets_affiliates');

/** What WHMCS knows itself: an empty field then says what WHMCS says. */
const OWN: readonly SettingName[] = ['portalUrl', 'currency', 'timeZone'];
/** WHMCS has no address `/r/CODE`: links lead through the addon's page. */
const REFERRAL_LINK = '{portal}/index.php?m=cloudpockets_affiliates&r={code}';
const LANGUAGES = ['english', 'german', 'arabic'] as const;

type Php = string | { readonly [key: string]: Php };

/** @returns each generated file's path in the addon, with its content */
export function generatedFiles(): Map<string, string> {
  const languages = loadLanguages({ language: 'english', timeZone: 'UTC' });
  const files = new Map([['lib/form.php', form(languages.of('english'))]]);
  for (const name of LANGUAGES) files.set(`lang/${name}.php`, sentences(name));
  return files;
}

function form(english: Language): string {
  const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
    version: string;
  };
  const connection = (name: string, rest: Record<string, Php>) => [
    name,
    {
      FriendlyName: english.t(`whmcs.field.${name}.title`),
      Description: english.t(`whmcs.field.${name}.help`),
      ...rest,
    },
  ];
  const fields = Object.fromEntries([
    connection('serviceUrl', { Type: 'text', Size: '60', Default: 'http://127.0.0.1:8700' }),
    connection('serviceSecret', { Type: 'password', Size: '60' }),
    connection('ticketAdmin', { Type: 'text', Size: '25', Default: '' }),
    ...describeSettings().map((setting) => [setting.name, settingField(setting, english)]),
  ]) as Record<string, Php>;
  const comment =
    '/** The addon’s version and the fields of its form. Written by `npm run whmcs:generate` from the program’s settings. */';
  return `<?php\n${comment}\n\nreturn ${php({ version, fields }, 0)};\n`;
}

function settingField(
  { name, control, choices }: ReturnType<typeof describeSettings>[number],
  english: Language,
): Php {
  const help = english.t(`setting.${name}.help`);
  const own = OWN.includes(name);
  const options = control === 'choice' && {
    Options: Object.fromEntries(choices.map((choice) => [choice, english.t(`setting.${name}.${choice}`)])),
  };
  return {
    FriendlyName: english.t(`setting.${name}.title`),
    Description: own ? `${help} ${english.t('whmcs.own')}` : help,
    Type: options ? 'dropdown' : 'text',
    ...(options || { Size: control === 'number' ? '10' : '60' }),
    Default: own ? '' : name === 'referralLink' ? REFERRAL_LINK : defaultOf(name),
  };
}

function sentences(language: (typeof LANGUAGES)[number]): string {
  const written = JSON.parse(readFileSync(path.join(ROOT, `lang/${language}.json`), 'utf8')) as Record<
    string,
    string | { readonly message: string }
  >;
  const lines = Object.entries(written)
    .filter(([key]) => key === 'navigation.label' || /^whmcs\.(?!field\.|own$)/.test(key))
    .map(([key, entry]) => {
      const sentence = typeof entry === 'string' ? entry : entry.message;
      return `$_ADDONLANG[${quoted(key)}] = ${quoted(sentence)};`;
    });
  const comment =
    '/** What the addon says itself. Written by `npm run whmcs:generate` from lang/ of the program. */';
  return `<?php\n${comment}\n\n${lines.join('\n')}\n`;
}

function php(value: Php, depth: number): string {
  if (typeof value === 'string') return quoted(value);
  const indent = '    '.repeat(depth + 1);
  const lines = Object.entries(value).map(
    ([key, inner]) => `${indent}${quoted(key)} => ${php(inner, depth + 1)},`,
  );
  return `[\n${lines.join('\n')}\n${'    '.repeat(depth)}]`;
}

const quoted = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`;

if (require.main === module) {
  for (const [file, content] of generatedFiles()) writeFileSync(path.join(ADDON, file), content);
}
