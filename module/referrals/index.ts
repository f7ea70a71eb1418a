export { attribute } from './attribute';
export { followClient } from './close';
export { attributeByCoupon, changeCoupon } from './coupon';
export { listReferrals, namesOf } from './list';
export {
  addToTotals,
  attributionOfClient,
  clientState,
  conversionsBefore,
  couponsOf,
  dateLastCommission,
  forgetProduct,
  holdReferral,
  moveReferrals,
  NEVER,
  nameColumns,
  noteConversion,
  noteProduct,
  referralById,
  referralOfClient,
  setConversion,
  updateReferral,
  type AttributionRow,
  type ConversionPoint,
  type Referral,
} from './queries';
export { couponKey, nameFrom, type RefusedAttribution } from './rules';
