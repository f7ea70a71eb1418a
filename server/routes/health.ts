import { z } from 'zod';
import { reportOf } from '../../module/faults';
import { isAffiliatesError } from '../../module/errors';
import { WireError } from '../errors';
import type { RouteParts, Routes } from '../route';

/** What supervisors ask, and those who watch. */
export function addHealth(routes: Routes, { store, metrics, logger }: RouteParts): void {
  routes.add(
    {
      method: 'GET',
      url: '/healthz',
      summary: 'The process lives.',
      open: true,
      answer: z.object({ status: z.literal('ok') }),
    },
    async () => ({ status: 'ok' }),
  );
  routes.add(
    {
      method: 'GET',
      url: '/readyz',
      summary: 'The database answers, and its tables are those of this version.',
      open: true,
      answer: z.object({ status: z.literal('ready') }),
    },
    async () => {
      try {
        await store.checkReady();
      } catch (error) {
        const reason = isAffiliatesError(error, 'database_unusable') ? error.parameters.reason : undefined;
        logger.warn({ reason, ...reportOf(error) }, 'not ready');
        throw new WireError('unavailable');
      }
      return { status: 'ready' };
    },
  );
  routes.add(
    {
      method: 'GET',
      url: '/metrics',
      summary: 'Counts for Prometheus, in its text format.',
      open: true,
      otherwise: { status: 200, says: 'The counts.', type: 'text/plain' },
    },
    async ({ reply }) => {
      const { text, type } = await metrics.read();
      return reply.type(type).send(text);
    },
  );
}
