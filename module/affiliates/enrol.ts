import { isUniqueViolation } from '../database/dialect';
import type { UnitOfWork } from '../unitOfWork';
import { insertAffiliate } from './queries';
import { codeFor } from './rules';

/** Makes a client an affiliate with a code of its own. @returns its number */
export async function enrolClient(
  work: UnitOfWork,
  { clientId, locale, enrolledAt }: { clientId: string; locale: string; enrolledAt: number },
): Promise<number> {
  for (let attempt = 0; ; attempt++) {
    const code = codeFor(work.identityKey, clientId, attempt);
    try {
      return await insertAffiliate(work.trx, {
        ...numberOf(work),
        client_id: clientId,
        code,
        status: 'active',
        status_reason: '',
        locale,
        email_hash: work.personal['emailHash'] ?? '',
        user_id: work.personal['userId'] ?? '',
        enrolled_at: enrolledAt,
        merged_into: null,
      });
    } catch (error) {
      // Two clients may derive one code; the client itself is unique, and whoever asks has looked for it.
      if (!isUniqueViolation(error) || attempt === 3) throw error;
    }
  }
}

/** The number is the database's to give, which may leave some out; a replay gives it again. */
function numberOf({ recorded }: UnitOfWork): { id?: number } {
  const id = recorded?.['affiliateId'];
  return typeof id === 'number' ? { id } : {};
}
