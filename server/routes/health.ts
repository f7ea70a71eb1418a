import { z } from 'zod';
import type { Routes } from '../route';

/** What supervisors ask. */
export function addHealth(routes: Routes): void {
  routes.add(
    {
      method: 'GET',
      url: '/healthz',
      summary: 'The process lives.',
      answer: z.object({ status: z.literal('ok') }),
    },
    async () => ({ status: 'ok' }),
  );
}
