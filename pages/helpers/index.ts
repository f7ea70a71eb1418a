/** Every helper that templates may use, by the name they use. */
import type { HelperDeclareSpec } from 'handlebars';
import { asset } from './asset';
import { both } from './both';
import { date } from './date';
import { eq } from './eq';
import { hostLink } from './host-link';
import { link } from './link';
import { money } from './money';
import { number } from './number';
import { rate } from './rate';
import { t } from './t';
import { time } from './time';

export const helpers: HelperDeclareSpec = {
  asset,
  both,
  date,
  eq,
  hostLink,
  link,
  money,
  number,
  rate,
  t,
  time,
};
