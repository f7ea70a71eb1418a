/** The staff area's own menu. */
import { address } from '../address';
import type { StaffVisit } from './visit';

const ITEMS = [
  '',
  'affiliates',
  'withdrawals',
  'corrections',
  'liability',
  'evaluations',
  'disputes',
  'holds',
  'terms',
  'groups',
  'coupons',
  'events',
  'webhooks',
  'proof',
  'audit',
  'settings',
] as const;
export type MenuItem = (typeof ITEMS)[number];

export interface Menu {
  readonly menu: readonly { readonly label: string; readonly address: string; readonly current: boolean }[];
}

/** @param current the item under which the page stands */
export function menuOf({ language, request, module }: StaffVisit, current: MenuItem): Menu {
  return {
    menu: ITEMS.filter((item) => item !== 'webhooks' || module.endpoints.length > 0).map((item) => ({
      label: language.t(`staff.menu.${item || 'dashboard'}`),
      address: address(request.base, { page: item }),
      current: item === current,
    })),
  };
}
