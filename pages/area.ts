/**
 * How an area answers a request: who may come in, which page it is, load for GET, submit then redirect for POST,
 * and the form again with a sentence when an act is refused.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Readable } from 'node:stream';
import { AffiliatesError, isAffiliatesError } from '../module/errors';
import { reportOf } from '../module/faults';
import type { Logger } from '../module/host';
import type { Module } from '../module/module';
import { address, type Query } from './address';
import { explain } from './explain';
import { makeFrame, NO_PROBLEM, type Done, type Problem } from './frame';
import type { Language, Languages } from './language';
import type { Page, PageRequest } from './page';
import type { Sealer } from './sealer';
import type { Templates } from './templates';

/** What every page works with. */
export interface House {
  readonly module: Module;
  readonly languages: Languages;
  readonly templates: Templates;
  readonly sealer: Sealer;
  readonly logger: Logger;
}

/** One request to an area, by a person who may be there. */
export interface Visit<Who> {
  readonly house: House;
  readonly module: Module;
  readonly language: Language;
  readonly request: PageRequest;
  readonly who: Who;
}

/** What a page shows. */
export interface Shown {
  readonly template: string;
  readonly title: string;
  readonly model: object;
}

/** A file to keep, in place of a page to look at. */
export interface Download {
  /** Letters, digits, `-`, `_` and `.`. */
  readonly name: string;
  /** A media type: 'text/csv; charset=utf-8'. */
  readonly type: string;
  readonly body: Readable;
}

/** Where a person goes after an act. */
export type Destination =
  { readonly page: string; readonly parameters?: Query; readonly done: Done } | { readonly host: string };

export interface AreaPage<Who> {
  /** @param problem why the act just submitted to this page was refused, if one was */
  load(visit: Visit<Who>, problem: Problem): Promise<Shown | Download>;
  /** @returns where to go, or what to show at once where nothing was changed */
  submit?(visit: Visit<Who>): Promise<Destination | Shown>;
}

export type AreaPages<Who> = Readonly<Record<string, AreaPage<Who>>>;

const HEADERS = { 'cache-control': 'no-store' } as const;
const HTML_HEADERS = { ...HEADERS, 'content-type': 'text/html; charset=utf-8' } as const;

/**
 * Answers a request to an area. Never throws: what goes wrong is a page as well.
 * @param admit gives who the person is in this area, or null for somebody who has no business there
 */
export async function answer<Who>(
  house: House,
  request: PageRequest,
  pages: AreaPages<Who>,
  admit: (person: PageRequest['who']) => Who | null,
): Promise<Page> {
  const language = house.languages.of(request.locale);
  try {
    const who = admit(request.who);
    if (who === null) throw new AffiliatesError('forbidden', {});
    const name = request.query.page ?? '';
    const page = Object.hasOwn(pages, name) ? pages[name] : undefined;
    if (!page) throw new AffiliatesError('page_missing', {});
    const visit: Visit<Who> = { house, module: house.module, language, request, who };
    return request.method === 'POST' ? await submit(visit, page) : await show(visit, page, 200, NO_PROBLEM);
  } catch (error) {
    return failed(house, request, language, error);
  }
}

async function submit<Who>(visit: Visit<Who>, page: AreaPage<Who>): Promise<Page> {
  if (!page.submit) throw new AffiliatesError('page_missing', {});
  if (!carriesToken(visit.request)) throw new AffiliatesError('csrf_mismatch', {});
  try {
    const to = await page.submit(visit);
    if ('template' in to) return render(visit, to, 200, NO_PROBLEM);
    const location =
      'host' in to
        ? to.host
        : address(visit.request.base, { page: to.page, ...to.parameters, done: to.done });
    return { status: 303, title: '', html: '', headers: { ...HEADERS, location } };
  } catch (error) {
    if (!isAffiliatesError(error) || statusOf(error) !== 422) throw error;
    return show(visit, page, 422, explain(error, visit.language));
  }
}

async function show<Who>(
  visit: Visit<Who>,
  page: AreaPage<Who>,
  status: number,
  problem: Problem,
): Promise<Page> {
  const shown = await page.load(visit, problem);
  return 'body' in shown ? file(shown) : render(visit, shown, status, problem);
}

function render<Who>(
  { house, request, language }: Visit<Who>,
  shown: Shown,
  status: number,
  problem: Problem,
): Page {
  const done = request.method === 'GET' ? (request.query.done ?? '') : '';
  const frame = makeFrame(request, language, house.module.settings, { problem, done });
  const html = house.templates.render(shown.template, { title: shown.title, ...shown.model }, frame);
  return { status, title: shown.title, html, headers: HTML_HEADERS };
}

function file({ name, type, body }: Download): Page {
  const headers = {
    ...HEADERS,
    'content-type': type,
    'content-disposition': `attachment; filename="${name}"`,
    'x-content-type-options': 'nosniff',
  };
  return { status: 200, title: '', html: '', headers, body };
}

/** A page that says what went wrong; of a fault only kind and place are logged. */
function failed(house: House, request: PageRequest, language: Language, error: unknown): Page {
  const known = isAffiliatesError(error);
  if (!known) {
    house.logger.error({ page: request.query.page ?? '', ...reportOf(error) }, 'a page could not be shown');
  }
  const message = known ? explain(error, language).message : language.t('error.unexpected');
  const title = language.t('error.title');
  const frame = makeFrame(request, language, house.module.settings);
  const html = house.templates.render('partials/failed', { title, message }, frame);
  return { status: known ? statusOf(error) : 500, title, html, headers: HTML_HEADERS };
}

function statusOf(error: AffiliatesError): number {
  switch (error.code) {
    case 'forbidden':
    case 'csrf_mismatch':
      return 403;
    case 'page_missing':
    case 'message_missing':
    case 'withdrawal_missing':
    case 'correction_missing':
    case 'dispute_missing':
    case 'mark_missing':
      return 404;
    default:
      return 422;
  }
}

/** Compares digests, so that neither length nor content of the token shows in the time taken. */
function carriesToken({ csrf, body }: PageRequest): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return csrf.token !== '' && timingSafeEqual(digest(csrf.token), digest(body[csrf.field] ?? ''));
}
