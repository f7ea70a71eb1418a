export { closeAffiliate } from './close';
export { concernsAbout } from './concerns';
export {
  addToFigures,
  affiliateByClient,
  affiliateByCode,
  affiliateById,
  affiliateRows,
  affiliatesSharing,
  erasePerson,
  figuresOf,
  holdAffiliate,
  isProgramRequest,
  mergeInto,
  namesOfAffiliates,
  openRequestOf,
  openRequests,
  standingAffiliate,
  statusAt,
  toView,
  updateAffiliate,
} from './queries';
export { changeGroup, moveToGroup, promoteDue } from './group';
export { allGroups, groupAt, membersOf } from './groupQueries';
export { affiliateByLegacyId, affiliateOfEarlierCookie, importAffiliate } from './legacy';
export { noteRequest, requestProgram } from './request';
export { asksForProgram } from './rules';
export { switchAffiliate } from './switch';
