export { record } from './record';
export { auditRows } from './queries';
