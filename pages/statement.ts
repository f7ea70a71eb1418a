/** An affiliate's statement in one currency, as its page, the widget and staff see it. */
import type { Settings } from '../module/settings';
import type { StatementView, WithdrawalView } from '../module/views';
import type { Language } from './language';

export interface StatementModel {
  readonly currency: string;
  readonly threshold: number;
  readonly acquired: number;
  readonly missing: number;
  readonly available: number;
  readonly rows: readonly {
    readonly kind: string;
    readonly label: string;
    readonly help: string;
    readonly amount: number;
  }[];
  /** What a refund after a payout left to be earned back, 0 for none. */
  readonly debt: number;
  /** For a bar: how far the cleared money has come towards the threshold, both in minor units. */
  readonly reached: number;
  /** The withdrawal that is open in this currency. */
  readonly open: WithdrawalView | null;
  readonly canWithdraw: boolean;
}

export function describeStatement(
  view: StatementView,
  settings: Settings,
  language: Language,
  withdrawals: readonly WithdrawalView[],
): StatementModel {
  const { currency, threshold } = view;
  const mark = language.money(threshold, currency);
  const row = (kind: string, amount: number) => ({
    kind,
    label: language.t(`statement.${kind}`, { threshold: mark }),
    help: language.t(`statement.${kind}.help`, { threshold: mark }),
    amount,
  });
  const open = openWithdrawal(withdrawals, currency);
  return {
    currency,
    threshold,
    acquired: view.acquired,
    missing: view.missing,
    available: view.available,
    rows: [
      ...(settings.clearingDays > 0 || view.clearing !== 0 ? [row('clearing', view.clearing)] : []),
      row('below', view.belowThreshold),
      row('available', view.available),
      ...(view.reserved !== 0 ? [row('reserved', view.reserved)] : []),
      row('withdrawn', view.withdrawn),
    ],
    debt: Math.max(0, -view.cleared),
    reached: Math.min(Math.max(0, view.cleared), threshold),
    open,
    canWithdraw: view.available > 0 && open === null,
  };
}

/** @returns the withdrawal that is still to be decided or paid in this currency */
function openWithdrawal(withdrawals: readonly WithdrawalView[], currency: string): WithdrawalView | null {
  return (
    withdrawals.find(
      (withdrawal) =>
        withdrawal.currency === currency &&
        (withdrawal.status === 'requested' || withdrawal.status === 'paying'),
    ) ?? null
  );
}
