export { addressesOf, clientsWithAddress, forgetAddresses, moveAddresses, noteAddress } from './addresses';
export { attribute } from './attribute';
export { followClient } from './close';
export { attributeByCoupon, changeCoupon } from './coupon';
export { allCoupons, couponByCode, couponsOf } from './couponQueries';
export { creditReferral } from './credit';
export { isEarlierInvoice, noteEarlierInvoices } from './earlierInvoices';
export { importReferral } from './import';
export { endedAmong, isErased, isKnownClient, isOwnPerson, signedUpAt } from './known';
export { listReferrals, namesOf } from './list';
export {
  createSightings,
  forgetNetworks,
  hashNetwork,
  moveNetworks,
  noteNetwork,
  purgeNetworks,
  suspicionOfNetwork,
  suspicionOfSightings,
  type NetworkSuspicion,
} from './networks';
export {
  addToTotals,
  attributionOfClient,
  clientState,
  conversionsBefore,
  dateLastCommission,
  earlierConversions,
  forgetProduct,
  holdReferral,
  moveReferrals,
  NEVER,
  nameColumns,
  noteConversion,
  noteProduct,
  referralById,
  referralOfClient,
  renameReferral,
  setConversion,
  referralsAmong,
  updateReferral,
  type AttributionRow,
  type ConversionPoint,
  type Referral,
} from './queries';
export { earnedEarlier, knownServices } from './services';
export { moveSuspicions, sharingWithAffiliate, suspect, suspicionsAgainst } from './suspicions';
export { forgetTraits, moveTraits, noteTraits, sharingTraits, tellsTraits, type Sharing } from './traits';
export { couponKey, EARLIER, nameFrom, type RefusedAttribution } from './rules';
