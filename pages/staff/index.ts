/** The pages of the staff area by their `page` parameter. */
import type { Staff } from '../../module/module';
import type { AreaPages } from '../area';
import { affiliate } from './affiliate';
import { affiliates } from './affiliates';
import { audit } from './audit';
import { correct } from './correct';
import { correction } from './correction';
import { corrections } from './corrections';
import { coupons } from './coupons';
import { dashboard } from './dashboard';
import { evaluations } from './evaluations';
import { dispute } from './dispute';
import { disputes } from './disputes';
import { hold } from './hold';
import { holds } from './holds';
import { events } from './events';
import { groups } from './groups';
import { liability } from './liability';
import { mark } from './mark';
import { proof } from './proof';
import { settings } from './settings';
import { simulate } from './simulate';
import { statement } from './statement';
import { switchProgram } from './switch';
import { terms } from './terms';
import { webhooks } from './webhooks';
import { wouldEarn } from './would-earn';
import { withdrawal } from './withdrawal';
import { withdrawals } from './withdrawals';

export const staffPages: AreaPages<Staff> = {
  '': dashboard,
  affiliates,
  affiliate,
  statement,
  switch: switchProgram,
  withdrawals,
  withdrawal,
  corrections,
  correction,
  correct,
  liability,
  evaluations,
  // The link of the tables that both areas share.
  why: evaluations,
  'would-earn': wouldEarn,
  disputes,
  dispute,
  holds,
  hold,
  mark,
  terms,
  groups,
  coupons,
  simulate,
  events,
  webhooks,
  proof,
  audit,
  settings,
};
