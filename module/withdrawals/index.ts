export { cancelWithdrawal, denyWithdrawal } from './decide';
export { approveWithdrawal, settlePayout } from './pay';
export {
  eraseDetails,
  halfApproved,
  moveWithdrawals,
  noteTicket,
  openWithdrawals,
  toView,
  withdrawalById,
  withdrawalRows,
} from './queries';
export { requestWithdrawal } from './request';
export { statementOf } from './rules';
