export { lastProof, proveAndKeep } from './keep';
export { prove, PROOF_LENGTH, type Finding, type Proved, type ProofReport } from './prove';
export { proveDatabase } from './open';
