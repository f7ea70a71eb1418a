/** A person in front of the program's pages: follows links, reads forms, sends them. */
import type { AffiliateProgram, PageRequest } from '../../index';
import { MODULE_ASSETS } from '../routes/views';

type Pages = AffiliateProgram['pages'];

/** No browser is involved, so any token will do: the program only compares it with the one in its own form. */
const CSRF = { field: '_csrf', token: 'history' };

const LANGUAGE_TAGS: Readonly<Record<string, string>> = { english: 'en', german: 'de', arabic: 'ar' };

export interface Area {
  readonly pages: Pages;
  readonly who: PageRequest['who'];
  readonly locale: string;
}

export function clientArea(pages: Pages, client: { id: number; language: string }): Area {
  return {
    pages,
    who: { client: { id: String(client.id) } },
    locale: LANGUAGE_TAGS[client.language] ?? 'en',
  };
}

export function staffArea(pages: Pages, staff: { id: string; name: string }): Area {
  return { pages, who: { staff }, locale: 'en' };
}

/** @returns what a page needs to know to be rendered for the person */
export function contextOf({ who, locale }: Area) {
  const base = 'client' in who ? '/m/affiliates' : '/staff/m/affiliates';
  return { locale, base, assets: MODULE_ASSETS, csrf: CSRF };
}

function call(area: Area, request: Pick<PageRequest, 'method' | 'query' | 'body'>) {
  const whole: PageRequest = { ...contextOf(area), ...request, who: area.who };
  return 'client' in area.who ? area.pages.client(whole) : area.pages.staff(whole);
}

/** @returns the HTML of a page of the area */
export async function read(area: Area, query: Record<string, string> = {}): Promise<string> {
  return (await call(area, { method: 'GET', query, body: {} })).html;
}

/** Fills in the form of `html` that goes to `page`, and sends it. @throws when the program refuses it */
export async function send(
  area: Area,
  html: string,
  page: string,
  typed: Record<string, string>,
): Promise<void> {
  const { query, fields } = findForm(html, page);
  const answer = await call(area, { method: 'POST', query, body: { ...fields, ...typed } });
  if (answer.status !== 303) throw new Error(`the form of page ${page} was answered with ${answer.status}`);
}

/** @returns the form of `html` that goes to `page` of the program, with its hidden fields. @throws without one */
export function findForm(html: string, page: string) {
  for (const [, action = '', inside = ''] of html.matchAll(
    /<form\b[^>]*\baction="([^"]*)"[^>]*>(.*?)<\/form>/gs,
  )) {
    const { pathname, search, searchParams } = new URL(plain(action), 'http://portal.invalid');
    const query = Object.fromEntries(searchParams);
    if (query['page'] !== page) continue;
    const inputs = [...inside.matchAll(/<input\b[^>]*>/g)].map(([input]) => input);
    const fields = inputs.map((input): [string, string] => [
      attribute(input, 'name'),
      attribute(input, 'value'),
    ]);
    return { action: pathname + search, query, fields: Object.fromEntries(fields) };
  }
  throw new Error(`there is no form for page ${page}`);
}

const attribute = (tag: string, name: string) =>
  plain(new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? '');

/** Undoes what Handlebars escapes. */
export function plain(html: string): string {
  return html
    .replaceAll('&#x3D;', '=')
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&amp;', '&');
}
