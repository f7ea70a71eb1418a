/** The pages of the client area by their `page` parameter. */
import type { AreaPages } from '../area';
import type { ClientPerson } from './affiliate';
import { entries } from './entries';
import { cancelWithdrawal, home, requestProgram } from './home';
import { missing } from './missing';
import { testLink } from './test-link';
import { statement } from './statement';
import { why } from './why';
import { withdraw } from './withdraw';

export const clientPages: AreaPages<ClientPerson> = {
  '': home,
  request: requestProgram,
  withdraw,
  cancel: cancelWithdrawal,
  entries,
  'test-link': testLink,
  statement,
  why,
  missing,
};
