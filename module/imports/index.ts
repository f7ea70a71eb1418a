export { assemble } from './assemble';
export { bringAffiliate, bringHistory } from './bring';
export { clearImported, isImportDue } from './clear';
export { planOf, type Plan } from './plan';
export { earlierEntries, inParts, moveImports } from './queries';
export { readRows, type Rows } from './rows';
export { ledgerFigures } from './totals';
export { isBuiltInOn, readWhmcs } from './whmcs';
