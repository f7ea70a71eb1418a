/**
 * What surrounds every template whatever its model: the reader's language, the host's addresses, the form tokens,
 * and what became of the last act. Templates read it as `@base`, `@problem.field` …
 */
import type { Settings } from '../module/settings';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ulid } from 'ulid';
import { baseFields, type Field } from './address';
import { folder } from './folders';
import type { Language } from './language';
import type { PageRequest, PanelContext } from './page';

/** Why the last act was refused; empty strings where there is nothing to say. */
export interface Problem {
  /** A sentence for people. */
  readonly message: string;
  /** The form field it is about. */
  readonly field: string;
}

export const NO_PROBLEM: Problem = { message: '', field: '' };

export interface Frame {
  readonly language: Language;
  readonly program: string;
  readonly base: string;
  /** The query of `base` as fields: a GET form drops the query of its action. */
  readonly baseFields: readonly Field[];
  readonly assets: string;
  /** Changes with the assets, so that no browser keeps an old stylesheet after an update. */
  readonly assetsVersion: string;
  readonly csrf: PageRequest['csrf'];
  readonly links: { readonly client: string; readonly ticket: string };
  /** New for each rendering; all forms of one page may share it, since one rendering sends one act. */
  readonly requestId: string;
  readonly problem: Problem;
  /** The sentence about the last act that went well, '' for none. */
  readonly done: string;
}

/** Every act that ends with a sentence on the next page; `done` in an address is looked up here. */
export const DONE = [
  'program_requested',
  'withdrawal_requested',
  'withdrawal_cancelled',
  'withdrawal_approved',
  'withdrawal_first_approved',
  'withdrawal_denied',
  'correction_posted',
  'correction_proposed',
  'correction_approved',
  'correction_rejected',
  'correction_retracted',
  'switched_on',
  'switched_off',
  'declined',
  'terms_changed',
  'terms_planned',
  'group_changed',
  'affiliate_moved',
  'coupon_given',
  'coupon_ended',
  'events_retried',
  'message_sent_again',
  'endpoint_enabled',
  'proved',
  'dispute_opened',
  'dispute_found',
  'dispute_declined',
  'dispute_credited',
  'hold_released',
  'hold_voided',
  'mark_lifted',
] as const;
export type Done = (typeof DONE)[number];

const assetsVersion = createHash('sha256')
  .update(readFileSync(join(folder('assets'), 'affiliates.css')))
  .update(readFileSync(join(folder('assets'), 'affiliates.js')))
  .digest('hex')
  .slice(0, 10);

export function makeFrame(
  context: PanelContext,
  language: Language,
  settings: Settings,
  after: { problem?: Problem; done?: string } = {},
): Frame {
  const done = DONE.find((code) => code === after.done);
  return {
    language,
    program: settings.programName,
    base: context.base,
    baseFields: baseFields(context.base),
    assets: context.assets,
    assetsVersion,
    csrf: context.csrf,
    links: { client: context.links?.client ?? '', ticket: context.links?.ticket ?? '' },
    requestId: ulid(),
    problem: after.problem ?? NO_PROBLEM,
    done: done ? language.t(`done.${done}`) : '',
  };
}
