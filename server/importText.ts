/** What `affiliates import` says: a sentence for everything that was found. */
import Table from 'cli-table3';
import type { ImportedReport, ImportReport } from '../module/importing';
import type { Figures, LostRow, Note, NoteCode } from '../module/imports/rules';
import type { Language } from '../pages/language';

type Parameters = Note['parameters'];

const SENTENCES: Readonly<Record<NoteCode, (said: Parameters) => string>> = {
  balance_not_history: ({ balance, expected, difference }) =>
    `Its balance is ${balance}, and its history less its withdrawals ${expected}: the balance counts, a difference of ${difference} (a signup bonus or a change by hand, perhaps).`,
  withdrawn_not_rows: ({ withdrawn, rows }) =>
    `Its total of withdrawals is ${withdrawn}, and the rows add up to ${rows}: the total counts.`,
  balance_negative: ({ balance }) => `Its balance is ${balance}: it owes that, and earns it back here.`,
  client_closed: () =>
    "Its client's account is closed: it comes over as closed, with its money, and earns no more.",
  already_affiliate: ({ affiliate }) =>
    `Its client is affiliate ${affiliate} here already: the money is added to that.`,
  override_kept: () => 'Its rate of its own is not taken: staff have given it one here.',
  override_unread: ({ paytype, payamount }) =>
    `Its rate of its own (${paytype} ${payamount}) cannot be read, and is not taken: give it one under Terms.`,
  override_once_alone: () =>
    'It is to be paid only once but has no rate of its own: the program’s terms hold.',
  override_currency: ({ amount, currency }) =>
    `Its fixed rate of ${amount} is taken to be in ${currency}, and earns on invoices in ${currency} alone: check it under Terms.`,
  override_gone: () => 'Its rate of its own is gone there, and stays here: change it under Terms.',
  service_missing: ({ account, service }) =>
    `Service ${service} (tblaffiliatesaccounts ${account}) is gone, so nobody knows whose it was: no referral.`,
  referral_client_missing: ({ service, client }) =>
    `Client ${client}, who had service ${service}, is deleted: no referral.`,
  own_service: ({ service }) => `Service ${service} is its own: no referral.`,
  other_affiliates_referral: ({ client, affiliate }) =>
    `Client ${client} is affiliate ${affiliate}’s referral already, and stays that: a client has one affiliate here.`,
  client_erased_referral: ({ client }) => `Client ${client} was deleted here: no referral.`,
  self_referral: ({ client }) => `Client ${client} has the affiliate’s own address: no referral.`,
  due_cleared_here: ({ amount }) =>
    `${amount} that is pending there was due and has cleared here: it is compared as pending.`,
  earned_since: ({ amount }) =>
    `It has changed by ${amount} there since it came over: the difference comes over.`,
  off_since_kept: () =>
    'It came over as if the built-in program had been off before that (--off-since), and stays so: what was earned is not taken back.',
  owes_now: ({ amount }) =>
    `${amount} was paid out there after it came over: if it was paid out here as well, it is owed back.`,
  client_missing: ({ client, balance, withdrawn }) =>
    `Client ${client} is deleted, so there is nobody to owe to: a balance of ${balance} and ${withdrawn} withdrawn stay there.`,
  client_erased: ({ client }) => `Client ${client} was deleted here.`,
  currency_unknown: ({ currency }) =>
    `Its currency${currency ? ` (${currency})` : ''} is not known: give clients and currencies, or "currency", in the export.`,
  currency_changed: ({ before, now }) =>
    `It came over in ${before} and is in ${now} now: put the currency back there.`,
  amount_unreadable: ({ field, amount, currency }) =>
    `${field} is ‘${amount}’, which is no amount in ${currency}: correct it there, since nothing is rounded here.`,
  pending_not_positive: ({ row, amount }) =>
    `Row ${row} of tblaffiliatespending is ${amount}: delete it there, or move it to the balance.`,
  withdrawn_negative: ({ withdrawn }) => `Its total of withdrawals is ${withdrawn}: correct it there.`,
  earned_twice: ({ invoices }) =>
    `Both programs have earned by the same invoices (${invoices}): take it back in WHMCS, and switch the built-in program off.`,
  without_affiliate: ({ affiliate, amount }) =>
    `Its affiliate ${affiliate} does not exist${ofAmount(amount)}.`,
  without_account: ({ account, amount }) => `tblaffiliatesaccounts has no ${account}${ofAmount(amount)}.`,
};

const ofAmount = (amount = '') => (amount ? `: ${amount} belongs to nobody` : '');

const sentence = ({ code, parameters }: Note): string => SENTENCES[code](parameters);

export function describeImport(language: Language, report: ImportReport): string[] {
  const { affiliates, lost, isOn } = report;
  return [
    ...(isOn === true ? [IS_ON] : []),
    ...affiliates.flatMap((each) => describeOne(language, each)),
    ...describeLost(lost),
    figuresOf(language, report),
    ...(isOn === null ? [ASK_IF_ON] : []),
    conclusion(report),
  ];
}

const IS_ON =
  '! The built-in program is on: both would pay for the same invoices. Switch it off (AffiliateEnabled) before you apply.';
const ASK_IF_ON =
  'Whether the built-in program is on was not told: make sure that it is off, since both would pay.';

const MARKS = { new: '+', changed: '~', same: '=', refused: '✗' } as const;

function describeOne(language: Language, each: ImportedReport): string[] {
  const { legacyId, clientId, status, refusal, notes, referrals, history } = each;
  const what = {
    new: 'comes over',
    changed: 'has changed',
    same: 'is here as it is there',
    refused: 'does not come over',
  }[status];
  const parts = [
    ...(each.change && status !== 'same' ? [changes(language, each.change, each.currency)] : []),
    `${language.number(referrals.news)} new referrals`,
    `${language.number(history)} rows of history`,
  ];
  const more = status === 'same' || status === 'refused' ? '' : `: ${parts.join(', ')}`;
  return [
    `${MARKS[status]} Affiliate ${legacyId} (client ${clientId}) ${what}${more}.`,
    ...[...(refusal ? [refusal] : []), ...notes].map((one) => `    ${sentence(one)}`),
  ];
}

function changes(language: Language, { pending, balance, withdrawn }: Figures, currency: string): string {
  const amount = (value: number) => language.money(value, currency);
  return `${amount(pending)} pending, ${amount(balance)} balance, ${amount(withdrawn)} withdrawn`;
}

function describeLost(lost: readonly LostRow[]): string[] {
  if (lost.length === 0) return [];
  return [
    'Rows that cannot come over:',
    ...lost.map(({ table, row, ...one }) => `    ${table} ${row}: ${sentence(one)}`),
  ];
}

const HEAD = ['Affiliate', 'Pending', 'Balance', 'Withdrawn', ''];

function figuresOf(language: Language, { affiliates, applied }: ImportReport): string {
  const table = new Table({
    head: HEAD,
    colAligns: ['left', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [] },
  });
  for (const { legacyId, currency, source, ledger, agrees } of affiliates) {
    if (!source) continue;
    const cells = ({ pending, balance, withdrawn }: Figures) =>
      [pending, balance, withdrawn].map((amount) => language.money(amount, currency));
    table.push([`${legacyId} there`, ...cells(source), '']);
    if (applied) table.push([`${legacyId} here`, ...(ledger ? cells(ledger) : ['', '', '']), mark(agrees)]);
  }
  return table.toString();
}

function mark(agrees: boolean | null): string {
  if (agrees === null) return '✗ not brought over';
  return agrees ? '✓' : '✗ differs';
}

function conclusion({ affiliates, applied, whole }: ImportReport): string {
  const count = (status: ImportedReport['status']) =>
    affiliates.filter((each) => each.status === status).length;
  const numbers = `${count('new')} new, ${count('changed')} changed, ${count('same')} the same, ${count('refused')} that cannot come over`;
  if (!applied) return `${numbers}. Nothing was written: this was a dry run, and --apply brings them over.`;
  return `${numbers}. ${whole ? 'Both sides agree to the cent.' : 'Both sides do not agree on everything: see the lines with ✗.'}`;
}
