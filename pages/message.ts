/** What the program writes outside its pages: mails, tickets, the description of a credit. */
import type { MailName } from '../module/commands';
import type { House } from './area';
import { makeFrame } from './frame';
import type { Language, Parameters } from './language';

export interface Mail {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

export type { Parameters };

/** Messages whose `{reason}` is quoted apart from the sentences. */
const WITH_REASON: readonly MailName[] = [
  'affiliate-suspended',
  'program-declined',
  'withdrawal-denied',
  'dispute-declined',
  'dispute-credited',
];

/** @param parameters as for `sentence` */
export function writeMail(house: House, message: MailName, locale: string, parameters: Parameters): Mail {
  const { module, languages, templates } = house;
  const language = languages.of(locale);
  const filled = fill(parameters, language, module.settings.programName);
  // A line break in a subject would start another header.
  const subject = oneLine(language.t(`mail.${message}.subject`, filled));
  const model = {
    subject,
    paragraphs: [language.t(`mail.${message}.body`, filled)],
    reason: WITH_REASON.includes(message) ? String(filled.reason ?? '') : '',
    action: language.t('mail.action'),
    portal: module.settings.portalUrl,
    program: module.settings.programName,
  };
  const context = { locale, base: '', assets: '', csrf: { field: '', token: '' } };
  const frame = makeFrame(context, language, module.settings);
  return {
    subject,
    html: templates.render('email/message', model, frame),
    text: templates.render('email/message.text', model, frame),
  };
}

/**
 * A sentence of lang/ as plain text.
 * @param parameters `amount` in minor units beside a `currency` is written as money, `method` as the name of the
 *   payout method; anything else as it is
 */
export function writeSentence(house: House, key: string, locale: string, parameters: Parameters): string {
  const language = house.languages.of(locale);
  return language.t(key, fill(parameters, language, house.module.settings.programName));
}

function fill(parameters: Parameters, language: Language, program: string): Parameters {
  const { amount, currency, method } = parameters;
  return {
    program,
    ...parameters,
    ...(typeof amount === 'number' &&
      typeof currency === 'string' && { amount: language.money(amount, currency) }),
    ...(typeof method === 'string' &&
      language.has(`payout.${method}`) && { method: language.t(`payout.${method}`) }),
  };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
