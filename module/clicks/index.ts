/** Clicks on referral links: the visit, the redirect, and the cookie that carries an attribution. */
export { createClicks, type Clicks, type RedirectAnswer, type VisitAnswer } from './visits';
export { landingOn } from './landing';
export { VISIT_HEADERS, type Visit } from './rules';
export { touchFromCookieHeader } from './token';
