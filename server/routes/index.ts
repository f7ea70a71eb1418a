/** Every route of the service: a file of this folder per subject. */
import type { Routes } from '../route';
import { addHealth } from './health';

export function addRoutes(routes: Routes): void {
  addHealth(routes);
}
