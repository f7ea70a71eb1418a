/** What must hold of everything that a portal sends, whatever the case is about. */
import type { Answered, Notes } from './notes';
import { PASSWORD } from './scene';

const AMOUNTS = ['total', 'credit', 'discount', 'amount', 'exchangerate'];
/** How far the clocks of portal and service may be apart. */
const LEEWAY_MS = 60_000;

/** @param began when the case did; ms, UTC @returns a sentence for each thing that is wrong, none twice */
export function checkNotes(
  { events, refused, bodies, cookies }: Notes,
  began: number,
  now: number,
): string[] {
  const problems = [
    ...refused,
    ...events.flatMap((event) => cookieProblems(event, cookies)),
    ...events.flatMap((event) => [...answerProblems(event), ...timeProblems(event, began, now)]),
    ...events.flatMap(({ hook, payload }) => [...lineProblems(payload), ...amountProblems(hook, payload)]),
  ];
  if (bodies.some((body) => body.includes(PASSWORD))) problems.push('The client’s password was sent.');
  return [...new Set(problems)];
}

function answerProblems({ hook, answer }: Answered): string[] {
  const why = [answer.code, answer.field].filter(Boolean).join(', ');
  if (!answer.accepted && !answer.retry) return [`${hook} was refused: ${why}`];
  return answer.status === 'set_aside' ? [`${hook} was set aside: ${why}`] : [];
}

function cookieProblems({ hook, payload }: Answered, cookies: Notes['cookies']): string[] {
  if (hook !== 'ClientAdd') return [];
  const expected = cookies.get(String(payload['client_id'] ?? payload['userid'])) ?? '';
  const { cookie } = payload;
  if (typeof cookie === 'string' && cookie.includes(expected)) return [];
  return expected ? ['ClientAdd came without the cookie of the signup'] : [];
}

function timeProblems({ hook, payload: { at } }: Answered, began: number, now: number): string[] {
  const time = typeof at === 'string' || typeof at === 'number' ? new Date(at).getTime() : NaN;
  // One that cannot be read was refused, which is said already.
  if (Number.isNaN(time) || (time >= began - LEEWAY_MS && time <= now + LEEWAY_MS)) return [];
  const way = time < began ? 'before' : 'after';
  return [
    `${hook} has the at ${new Date(time).toISOString()}, ${way} the case was tried: is its time zone right?`,
  ];
}

function lineProblems({ invoice }: Answered['payload']): string[] {
  const { items } = Object(invoice) as { items?: unknown };
  return Array.isArray(items) && items.length === 0 ? ['InvoicePaid came without any of its lines'] : [];
}

function amountProblems(where: string, value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
    const here = `${where}, ${name}`;
    if (typeof inner === 'number' && AMOUNTS.includes(name)) return [`${here} is a number, and must be text`];
    return amountProblems(where, inner);
  });
}
