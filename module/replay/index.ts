export { checkRebuild, rebuildAndCompare, type RebuildReport } from './rebuild';
export type { Compared, Difference } from './compare';
