/** Clicks on referral links: the visit, the redirect, and the cookie that carries an attribution. */
export { clicksAbout } from './days';
export { createClicks, type Clicks, type RedirectAnswer, type VisitAnswer } from './visits';
export { followLinks, readFollowed, type Followed } from './followed';
export { isLandingRefused, landingOn } from './landing';
export type { LinkReport } from './link';
export { suspicionsOfClick, type ClickSuspicion } from './suspicious';
export { testLink } from './testLink';
export { clickById } from './queries';
export { VISIT_HEADERS, type Visit } from './rules';
export { isPublicNetwork, truncateNetwork } from './visitor';
export { earlierCookieIn, touchFromCookieHeader, type LinkTouch } from './token';
