export { record, type Recording } from './record';
export { auditRows } from './queries';
