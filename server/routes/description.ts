import { z } from 'zod';
import type { Routes, AnyRouteSpec } from '../route';
import { describeService } from '../openapi';

/** @param specs of all routes, also of those that are added later */
export function addDescription(routes: Routes, specs: readonly AnyRouteSpec[]): void {
  let described: object | undefined;
  routes.add(
    {
      method: 'GET',
      url: '/openapi.json',
      summary: 'This description, as OpenAPI 3.1.',
      open: true,
      answer: z.looseObject({ openapi: z.string() }),
    },
    async () => (described ??= describeService(specs)),
  );
}
