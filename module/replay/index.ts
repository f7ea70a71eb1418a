export { checkRebuild, rebuildAndCompare, type RebuildReport } from './rebuild';
export type { Compared, Difference } from './compare';
export { createSimulation, simulateDatabase, type Simulation } from './simulate';
export type { Supposition } from './suppose';
