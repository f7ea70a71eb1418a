export { AGES, ageOf, OWING, type Ages, type OwingAccount } from './age';
export {
  changesIn,
  creditsIn,
  firstPostingAt,
  heldBefore,
  movementsIn,
  sumsBefore,
  sumsUnder,
  toSums,
  type ChangeRow,
  type Held,
  type Period,
  type Sums,
} from './history';
export { firstIdAt, postedAt } from './moment';
export { post } from './post';
export {
  balancesIn,
  balancesOf,
  balancesOfAll,
  holdBalances,
  postedRows,
  isPosted,
  programBalances,
  transactionById,
  transactionsAbout,
  transactionsOf,
  type Balance,
  type PostedFully,
  type PostedRow,
} from './queries';
export { ACCOUNTS, type Account, type LedgerTransaction } from './rules';
export { checkSeals, sealJournal } from './seal';
export { lastSeal, sealsAfter, type Seal } from './journal';
