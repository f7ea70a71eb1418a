export { approveCorrection, rejectCorrection, retractCorrection } from './decide';
export { proposeCorrection } from './propose';
export { correctionById, correctionRows, describeCorrections, moveProposals, toView } from './queries';
