/** Who may go on; whoever may not is sent to sign in, or told so. */
import type { FastifyRequest } from 'fastify';
import type { Client, StaffMember } from '../office/rows';
import { Problem } from '../problem';

/** Thrown where nobody is signed in; the error page sends the visitor to `signInAt`. */
export class SignInNeeded extends Error {
  override readonly name = 'SignInNeeded';

  constructor(readonly signInAt: '/login' | '/staff/login') {
    super('nobody is signed in');
  }
}

export function signedInClient({ session }: FastifyRequest): Client {
  if (!session.client) throw new SignInNeeded('/login');
  return session.client;
}

/** @param role admins may do what support may */
export function signedInStaff(
  { session }: FastifyRequest,
  role: StaffMember['role'] = 'support',
): StaffMember {
  const { staff } = session;
  if (!staff) throw new SignInNeeded('/staff/login');
  if (role === 'admin' && staff.role !== 'admin') throw new Problem('Only an admin may do this.', 403);
  return staff;
}
