export { attribute } from './attribute';
export { followClient } from './close';
export { listReferrals, namesOf } from './list';
export {
  addToTotals,
  attributionOfClient,
  clientState,
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
  updateReferral,
  type AttributionRow,
  type Referral,
} from './queries';
export { nameFrom, type RefusedAttribution } from './rules';
