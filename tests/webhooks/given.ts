/** Receivers of webhooks: real HTTP servers on this machine that remember what they got, and answer as they are told. */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import type { TestProgram } from '../support/given';

export const SECRET = `whsec_${Buffer.from('a secret of these tests, 32 bytes').toString('base64')}`;
export const OTHER_SECRET = `whsec_${Buffer.from('another secret of these tests ...').toString('base64')}`;

export interface Got {
  readonly id: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

export interface Receiver {
  readonly url: string;
  readonly got: readonly Got[];
  /** Answers with this status from now on. */
  answers(status: number, headers?: Record<string, string>): void;
  /** Leaves requests unanswered from now on. @returns what answers those that were left */
  hangs(): (status: number) => void;
  /** Resolves once so many requests have arrived. */
  arrived(count: number): Promise<void>;
}

const open = new Set<() => Promise<void>>();

afterEach(async () => {
  for (const close of open) await close();
  open.clear();
});

async function listening(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.add(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
}

export async function givenReceiver(): Promise<Receiver> {
  const got: Got[] = [];
  const watchers: (() => void)[] = [];
  const left: ServerResponse[] = [];
  let answer: (response: ServerResponse) => void = (response) => response.writeHead(204).end();
  const receive = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await text(request);
    const headers = request.headers as Record<string, string>;
    got.push({ id: headers['webhook-id'] ?? '', headers, body });
    answer(response);
    for (const watch of watchers) watch();
  };
  const url = await listening((request, response) => void receive(request, response));
  return {
    url,
    got,
    answers: (status, headers = {}) => {
      answer = (response) => response.writeHead(status, headers).end();
    },
    hangs: () => {
      answer = (response) => left.push(response);
      return (status) => {
        for (const response of left.splice(0)) response.writeHead(status).end();
      };
    },
    arrived: (count) =>
      new Promise((resolve) => {
        const look = () => got.length >= count && resolve();
        watchers.push(look);
        look();
      }),
  };
}

export interface Body {
  readonly type: string;
  readonly timestamp: string;
  readonly data: Record<string, unknown>;
}

/** @returns what was received, verified by another's code; that looks at the machine's clock, which says `now` to it. */
export function verified({ body, headers }: Got, secret: string, now: Date): Body {
  const clock = jest.spyOn(Date, 'now').mockReturnValue(now.getTime());
  try {
    return new Webhook(secret).verify(body, headers) as Body;
  } finally {
    clock.mockRestore();
  }
}

/** Statuses of all deliveries, by endpoint as it is shown. */
export async function statusesOf({ reads }: TestProgram): Promise<string[]> {
  const { rows } = await reads.deliveries({ status: 'all', limit: 100 });
  return rows.map(({ status, answer }) => `${status} ${answer}`.trim());
}
