/** Every route of the service: a file of this folder per subject. */
import type { Nights } from '../nights';
import type { AnyRouteSpec, RouteParts, Routes } from '../route';
import { addClicks } from './clicks';
import { addCommands } from './commands';
import { addDescription } from './description';
import { addEvents } from './events';
import { addHealth } from './health';
import { addPages } from './pages';
import { addReconcile } from './reconcile';
import { addSettings } from './settings';
import { addWebhooks } from './webhooks';

export function addRoutes(
  routes: Routes,
  parts: RouteParts,
  { nights, specs }: { nights: Nights; specs: readonly AnyRouteSpec[] },
): void {
  addHealth(routes, parts);
  addDescription(routes, specs);
  addEvents(routes, parts, nights);
  addPages(routes);
  addClicks(routes);
  addCommands(routes);
  addReconcile(routes);
  addSettings(routes, parts);
  addWebhooks(routes);
}
