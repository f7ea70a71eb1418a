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
  openRequestOf,
  openRequests,
  standingAffiliate,
  statusAt,
  toView,
  updateAffiliate,
} from './queries';
export { noteRequest, requestProgram } from './request';
export { asksForProgram } from './rules';
export { switchAffiliate } from './switch';
