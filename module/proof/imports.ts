/** What must hold of what came over from an earlier program: it stands in the ledger, and cleared on its date. */
import type { Knex } from 'knex';
import { firstOf, firstRow, type Check } from './check';
import { TABLE } from './tables';

/** Keys name the affiliate's number in the earlier program; `concat` is not the same everywhere, and `replace` is. */
const OF_IMPORT = `(t.key like replace('opening:@:%', '@', i.legacy_id)
  or t.key like replace('clear:opening:@:%', '@', i.legacy_id))`;
const OF_LINE = `t.key like replace(replace('clear:opening:@:#:%', '@', l.legacy_id), '#', l.line_id)`;

/** Opening entries, and what came over as pending and cleared since: those that are about no commission. */
const openings = (knex: Knex) =>
  knex(TABLE.transactions).whereNull('commission_id').whereIn('kind', ['opening', 'clear']);

const posted = (knex: Knex) =>
  knex({ i: TABLE.imports })
    .leftJoin(openings(knex).as('t'), (on) => {
      on.on(knex.raw(OF_IMPORT));
    })
    .leftJoin({ e: TABLE.entries }, 'e.transaction_id', 't.id')
    .groupBy('i.legacy_id', 'i.clearing', 'i.cleared', 'i.withdrawn')
    .orderBy('i.legacy_id')
    .select({ row: 'i.legacy_id' });

const inAccount = (account: string) =>
  `i.${account} <> coalesce(sum(case when e.account = '${account}' then e.amount else 0 end), 0)`;

const imports: Check = {
  name: 'imports_are_posted',
  run: firstOf(
    firstRow(TABLE.imports, 'not_as_imported', (knex) =>
      posted(knex).havingRaw(['clearing', 'cleared', 'withdrawn'].map(inAccount).join(' or ')),
    ),
    firstRow(TABLE.imports, 'lines_differ', (knex) =>
      knex({ i: TABLE.imports })
        .leftJoin({ l: TABLE.importLines }, (on) => {
          on.on('l.legacy_id', 'i.legacy_id').andOnVal('l.state', 'clearing');
        })
        .groupBy('i.legacy_id', 'i.clearing')
        .havingRaw('i.clearing <> coalesce(sum(l.amount), 0)')
        .orderBy('i.legacy_id')
        .select({ row: 'i.legacy_id' }),
    ),
    firstRow(TABLE.importLines, 'cleared_early', (knex) =>
      knex({ l: TABLE.importLines })
        .leftJoin(openings(knex).where({ kind: 'clear' }).as('t'), (on) => {
          on.on(knex.raw(OF_LINE));
        })
        .where('l.state', 'cleared')
        .groupBy('l.line_id', 'l.clears_at')
        .havingRaw('max(t.at) is null or max(t.at) < l.clears_at')
        .orderBy('l.line_id')
        .select({ row: 'l.line_id' }),
    ),
    firstRow(TABLE.transactions, 'without_import', (knex) =>
      knex({ t: TABLE.transactions })
        .where({ kind: 'opening' })
        .whereNotExists((known) => {
          void known.from({ i: TABLE.imports }).whereRaw(OF_IMPORT).select('i.legacy_id');
        })
        .orderBy('t.id')
        .select({ row: 't.id' }),
    ),
  ),
};

export const IMPORT_CHECKS: readonly Check[] = [imports];
