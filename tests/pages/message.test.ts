/** Mails and sentences: the right words, and nothing that could break out of them. */
import { createPages, type Pages } from '../../pages';
import type { MailName } from '../../module/commands';
import type { Module } from '../../module/module';
import { readSettings } from '../../module/settings';
import { collectingLogger } from '../support/logger';
import { PORTAL, textOf } from './given';

/** Messages need the settings alone. */
function pagesWith(programName: string): Pages {
  const settings = readSettings({ portalUrl: PORTAL, programName });
  return createPages({ settings, now: () => 0 } as Module, {
    secrets: ['x'.repeat(32)],
    logger: collectingLogger(),
  });
}

const MAILS: MailName[] = [
  'affiliate-activated',
  'affiliate-suspended',
  'program-declined',
  'withdrawal-requested',
  'withdrawal-paid',
  'withdrawal-denied',
  'withdrawal-failed',
];
const PARAMETERS = {
  amount: 123456,
  currency: 'USD',
  method: 'bank',
  reason: `Tom & Jerry's <b>`,
  reference: 'R1',
};

describe('a mail', () => {
  const pages = pagesWith('Cloud & Partners');

  it.each(MAILS.flatMap((name) => ['english', 'german', 'arabic'].map((locale) => [name, locale] as const)))(
    'says the same in HTML and as text (%s, %s)',
    (name, locale) => {
      const { subject, html, text } = pages.mail(name, locale, PARAMETERS);
      expect(subject).not.toMatch(/[\r\n{}]/);
      expect(html).toContain(`dir="${locale === 'arabic' ? 'rtl' : 'ltr'}"`);
      const paragraphs = text
        .split('\n')
        .filter((line) => line && !line.startsWith('-- ') && !line.startsWith('>'));
      for (const line of paragraphs)
        expect(textOf(html)).toContain(line.split(`: ${PORTAL}`)[0]!.replaceAll(/\s+/g, ' '));
    },
  );

  it('escapes in HTML what it does not in text', () => {
    const { html, text } = pages.mail('withdrawal-denied', 'en', PARAMETERS);
    expect(html).toContain('Tom &amp; Jerry&#x27;s &lt;b&gt;');
    expect(text).toContain(`> Tom & Jerry's <b>`);
    expect(text).toContain('Cloud & Partners');
  });

  it('cannot be given another header by a name', () => {
    const { subject } = pagesWith('Us\r\nBcc: everybody@example.com').mail('affiliate-activated', 'en', {});
    expect(subject).toBe('Welcome to Us Bcc: everybody@example.com');
  });
});

describe('a sentence', () => {
  const pages = pagesWith('Affiliate Program');

  it('writes minor units as money, and a payout method by its name', () => {
    expect(pages.sentence('ticket.withdrawal.message', 'de', PARAMETERS).replaceAll('\u00a0', ' ')).toMatch(
      /1\.234,56 \$.*Überweisung|Bank/,
    );
    expect(pages.sentence('ticket.withdrawal.subject', 'en', { amount: 5000, currency: 'JPY' })).toContain(
      '¥5,000',
    );
  });

  it('takes braces in a parameter as text', () => {
    expect(pages.sentence('ticket.switched-off.message', 'en', { reason: '{amount}' })).toContain(
      'Reason: {amount}',
    );
  });
});
