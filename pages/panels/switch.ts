/** The switch: on, off, on again. The same on a ticket, on the client's summary and on the affiliate's page. */
import type { AffiliateView } from '../../module/views';
import type { SealedFacts, Sealer } from '../sealer';

export interface SwitchModel {
  readonly status: AffiliateView['status'] | 'none';
  readonly statusReason: string;
  /** It was on once and can be switched on again. */
  readonly isOff: boolean;
  readonly enrolledAt: number;
  readonly affiliateId: number;
  /** Whether there is more to see than what stands around the switch. */
  readonly more: boolean;
  /** A request waits for an answer, which may be no. */
  readonly asked: boolean;
  readonly sealed: string;
  readonly reason: string;
}

export function describeSwitch(
  sealer: Sealer,
  affiliate: AffiliateView | null,
  facts: SealedFacts,
  asked: boolean,
): SwitchModel {
  return {
    status: affiliate?.status ?? 'none',
    statusReason: affiliate?.statusReason ?? '',
    isOff: affiliate !== null && affiliate.status !== 'active',
    enrolledAt: affiliate?.enrolledAt ?? 0,
    affiliateId: affiliate?.id ?? 0,
    more: facts.from !== 'affiliate',
    asked,
    sealed: sealer.seal(facts),
    reason: '',
  };
}
