/** A staff member's request to the staff area. */
import type { Staff } from '../../module/module';
import { address, type Query } from '../address';
import type { Visit } from '../area';
import type { Rows } from '../../module/views';

export type StaffVisit = Visit<Staff>;

export const PER_PAGE = 25;

/** The cursor of the address as `reads` take it. */
export function cursorOf({ request }: StaffVisit): { cursor?: string } {
  const { cursor } = request.query;
  return cursor ? { cursor } : {};
}

/** The addresses of the neighbouring pages of a list, '' at its ends. */
export function pagesOf({ request }: StaffVisit, { next, previous }: Rows<unknown>, keep: Query) {
  const turn = (cursor: string | null) => (cursor ? address(request.base, { ...keep, cursor }) : '');
  return { nextAddress: turn(next), previousAddress: turn(previous) };
}
