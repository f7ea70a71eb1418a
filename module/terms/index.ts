export { changeTerms } from './change';
export { allVersions, versionsFor } from './queries';
export { termsFor, type AppliedTerms, type TermsVersion } from './rules';
