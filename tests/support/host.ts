/** A host that does what it is asked and remembers it: honours idempotency keys, and fails or refuses when told to. */
import type { Host } from '../../module/host';

type Port = keyof Host;
type RequestOf<P extends Port> = Parameters<Host[P]>[0];

/** One call of the program, whether or not it was carried out. */
export type Asked = { [P in Port]: { port: P; key: string; request: RequestOf<P> } }[Port];

export interface RecordingHost extends Host {
  /** Every call, repeated ones as well, in order. */
  readonly asked: readonly Asked[];
  /** What was really done: each key once. */
  readonly done: readonly Asked[];
  /** @returns the requests to a port that were carried out */
  doneBy<P extends Port>(port: P): RequestOf<P>[];
  /** The port is unreachable until `works`: nothing is done. */
  fails(port: Port): void;
  /** The port does what it is asked, and its answer is lost, until `works`: as if we had crashed before hearing it. */
  losesAnswers(port: Port): void;
  /** The port will never do what it is asked, until `works`. */
  refuses(port: Port, reason: string): void;
  works(port: Port): void;
  /** Everything that people read of what was done, as one text. */
  text(): string;
}

type Mood = { kind: 'works' | 'fails' | 'loses' } | { kind: 'refuses'; reason: string };
type Answer = { ticketId: string } | { reference: string } | { refused: string } | Record<never, never>;

export function recordingHost(): RecordingHost {
  const asked: Asked[] = [];
  const done: Asked[] = [];
  const answers = new Map<string, Answer>();
  const moods = new Map<Port, Mood>();
  const carryOut = (call: Asked): Answer => {
    done.push(call);
    if (call.port === 'openTicket') return { ticketId: `T${done.length}` };
    return call.port === 'addCredit' ? { reference: `CREDIT-${done.length}` } : {};
  };
  const answer = (call: Asked): Promise<never> => {
    asked.push(call);
    const mood = moods.get(call.port) ?? { kind: 'works' };
    if (mood.kind === 'fails') return Promise.reject(new Error('the host is unreachable'));
    const known = answers.get(call.key);
    const given = known ?? (mood.kind === 'refuses' ? { refused: mood.reason } : carryOut(call));
    answers.set(call.key, given);
    if (mood.kind === 'loses') return Promise.reject(new Error('the connection was lost'));
    // Each port gives the shape that belongs to it, which the map of answers does not tell.
    return Promise.resolve(given as never);
  };
  return {
    asked,
    done,
    openTicket: (request, key) => answer({ port: 'openTicket', request, key }),
    replyTicket: (request, key) => answer({ port: 'replyTicket', request, key }),
    sendMail: (request, key) => answer({ port: 'sendMail', request, key }),
    addCredit: (request, key) => answer({ port: 'addCredit', request, key }),
    doneBy: <P extends Port>(port: P) =>
      done.filter((call) => call.port === port).map((call) => call.request as RequestOf<P>),
    fails: (port) => moods.set(port, { kind: 'fails' }),
    losesAnswers: (port) => moods.set(port, { kind: 'loses' }),
    refuses: (port, reason) => moods.set(port, { kind: 'refuses', reason }),
    works: (port) => moods.delete(port),
    text: () => JSON.stringify(done),
  };
}
