/**
 * Facts about a client travel through a form on the host's own page and come back when it is sent. They are sealed
 * (signed, for one purpose, for half a day), so that a changed form cannot switch the program on for somebody else.
 */
import { sign, verify } from 'jsonwebtoken';
import { z } from 'zod';
import { AffiliatesError } from '../module/errors';

const AUDIENCE = 'affiliates/switch';
const HOURS = 12;

const factsSchema = z.object({
  sub: z.string().min(1),
  ticketId: z.string(),
  emailHash: z.string(),
  userId: z.string(),
  locale: z.string(),
  /** The page the form stands on, to which its sender returns. */
  from: z.enum(['ticket', 'client', 'affiliate']),
});

export interface SealedFacts extends Omit<z.output<typeof factsSchema>, 'sub'> {
  readonly clientId: string;
}

export interface Sealer {
  seal(facts: SealedFacts): string;
  /** @throws AffiliatesError field_invalid for a seal that is broken, too old or made for something else */
  open(seal: string): SealedFacts;
}

/** @param secrets the first signs, each verifies */
export function makeSealer(secrets: readonly string[], now: () => number): Sealer {
  const [first = ''] = secrets;
  const seconds = () => Math.floor(now() / 1000);
  return {
    seal({ clientId, ...facts }) {
      return sign({ ...facts, iat: seconds() }, first, {
        algorithm: 'HS256',
        audience: AUDIENCE,
        subject: clientId,
        expiresIn: `${HOURS}h`,
      });
    },
    open(seal) {
      for (const secret of secrets) {
        const claims = factsSchema.safeParse(claimsOf(seal, secret, seconds()));
        if (!claims.success) continue;
        const { sub, ...facts } = claims.data;
        return { clientId: sub, ...facts };
      }
      throw new AffiliatesError('field_invalid', { field: 'sealed' });
    },
  };
}

function claimsOf(seal: string, secret: string, clockTimestamp: number): unknown {
  try {
    return verify(seal, secret, { algorithms: ['HS256'], audience: AUDIENCE, clockTimestamp });
  } catch {
    // Each way a seal can be wrong is the same to the person: the form must be opened anew.
    return null;
  }
}
