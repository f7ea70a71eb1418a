export { newestOf, termsFor } from './apply';
export { changeTerms } from './change';
export type { LineContext } from './conditions';
export { allVersions, versionsFor } from './queries';
export type { AppliedTerms, TermsVersion } from './rules';
export { checkWhose } from './whose';
export { readWrittenParts, readWrittenTerms } from './written';
export { writeParts } from './writing';
export { readRate, writeRate } from './writtenRate';
