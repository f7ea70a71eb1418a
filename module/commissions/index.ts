export { clearDue, isAnythingDue } from './clear';
export { payInvoice, refundInvoice, reopenInvoice } from './invoices';
export { describeCommissions, moveCommissions, moveInvoices } from './queries';
export { settleClient } from './settle';
