/**
 * What a portal under test is asked to do: a step is a signed POST to one address of the portal, which does it as if
 * a person or a payment provider had done it, through its own code. docs/conformance.md describes each for its makers.
 */
import { z } from 'zod';
import { codeOf, reportOf } from '../../module/faults';
import { REFUSAL } from '../errors';
import { signRequest } from '../hostToken';
import { parseJson } from '../json';
import { Unusable } from '../terminal';

const id = z.union([z.string().min(1), z.number().int().transform(String)]);
const text = z.string();
const DONE = z.object({});
const CREATED = z.object({ id });

const LINE = z.object({
  /** `service` or `deposit`. */
  type: text,
  description: text,
  /** Without tax; decimal text, as every amount. */
  amount: text,
  /** Off the line, without tax. */
  discount: text.optional(),
});

/** Every step: what the portal is told, and what it answers. */
export const STEPS = {
  addClient: {
    asked: z.object({
      firstname: text,
      lastname: text,
      email: text,
      address1: text,
      postcode: text,
      country: text,
      password: text,
      /** The Cookie header of the browser that signs up; '' for one without cookies. */
      cookie: text,
    }),
    answer: CREATED,
  },
  closeClient: { asked: z.object({ client: text }), answer: DONE },
  deleteClient: { asked: z.object({ client: text }), answer: DONE },
  mergeClients: { asked: z.object({ from: text, into: text }), answer: DONE },
  addInvoice: {
    asked: z.object({
      client: text,
      currency: text,
      lines: z.array(LINE),
      /** Per cent of what the lines come to; and the amount of it. */
      taxrate: text,
      tax: text,
      /** With tax, before `credit`. */
      total: text,
      /** How much of the client's account credit is used for it. */
      credit: text.optional(),
    }),
    answer: CREATED,
  },
  payInvoice: { asked: z.object({ invoice: text }), answer: DONE },
  unpayInvoice: { asked: z.object({ invoice: text }), answer: DONE },
  refundInvoice: {
    asked: z.object({
      invoice: text,
      /** With tax. */
      amount: text,
      /** The same refund as one before, of which the portal hears again; a new one without it. */
      refund: text.optional(),
    }),
    answer: CREATED,
  },
  openTicket: {
    asked: z.object({ client: text, department: text, subject: text, message: text }),
    answer: CREATED,
  },
  creditOf: { asked: z.object({ client: text }), answer: z.object({ amount: text }) },
  deliver: { asked: z.object({}), answer: z.object({ waiting: z.int().min(0) }) },
} as const;

export type StepName = keyof typeof STEPS;
export type Told<S extends StepName> = z.input<(typeof STEPS)[S]['asked']>;
export type Answer<S extends StepName> = z.output<(typeof STEPS)[S]['answer']>;

/** The portal says that it has no such thing: 501. */
export class NotOffered extends Error {
  override readonly name = 'NotOffered';
  constructor(readonly step: StepName) {
    super(step);
  }
}

/** Something that a portal gets wrong; the message says what, to its makers. */
export class Wrong extends Error {
  override readonly name = 'Wrong';
}

export interface Portal {
  /** @throws NotOffered, Wrong */
  step<S extends StepName>(name: S, told: Told<S>): Promise<Answer<S>>;
}

export interface PortalParts {
  readonly url: URL;
  readonly secret: string;
  /** ms, UTC */
  readonly now: () => number;
  /** How long a step may take. */
  readonly limitMs: number;
}

const NOT_OFFERED = 501;

export function createPortal(parts: PortalParts): Portal {
  return {
    async step(name, told) {
      const { status, text: written } = await post(parts, name, JSON.stringify({ step: name, ...told }));
      if (status === NOT_OFFERED) throw new NotOffered(name);
      refuseService(written);
      if (status !== 200) throw new Wrong(`${name}: the portal answered with ${status}${hintFor(status)}.`);
      // The name chooses the schema, so that its output is that step's answer.
      return readAnswer(name, written) as Answer<typeof name>;
    },
  };
}

/** @throws Unusable for an answer that only the service gives */
function refuseService(written: string): void {
  if (REFUSAL.safeParse(parseJson(written)).success)
    throw new Unusable(
      'At --url the service itself answers. Give the address where your portal takes the steps: docs/conformance.md.',
    );
}

const hintFor = (status: number): string =>
  status === 401 || status === 403 ? ': its secret or its clock is another' : '';

async function post({ url, secret, now, limitMs }: PortalParts, name: StepName, body: string) {
  const token = signRequest({ request: `POST ${url.pathname}${url.search}`, body }, secret, now());
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(limitMs),
    });
    return { status: answer.status, text: await answer.text() };
  } catch (error) {
    const { name: kind, cause } = Object(error) as { name?: unknown; cause?: unknown };
    if (kind === 'TimeoutError')
      throw new Wrong(`${name}: the portal took longer than ${limitMs / 1000} seconds.`);
    throw new Wrong(`${name}: the portal does not answer: ${codeOf(cause) ?? reportOf(error).fault}.`);
  }
}

function readAnswer(name: StepName, written: string): unknown {
  const json = parseJson(written);
  if (json === undefined) throw new Wrong(`${name}: the portal's answer is no JSON.`);
  const { data, error } = STEPS[name].answer.safeParse(json);
  if (!error) return data;
  const field = error.issues[0]?.path.join('.') || 'the whole';
  throw new Wrong(`${name}: in the portal's answer, ${field} is not as it must be.`);
}
