/**
 * Who may import whom. The house has floors: money, errors ← rules ← verbs ← index.ts ← hooks, pages ← server, portal.
 * tests/imports.test.ts breaks each of these rules once and expects to be told.
 */

/** What each noun of module/ may know of the others. */
const UPSTREAM = {
  affiliates: [],
  ledger: [],
  clicks: ['affiliates'],
  referrals: ['affiliates', 'clicks'],
  terms: ['affiliates', 'clicks', 'referrals'],
  commissions: ['affiliates', 'clicks', 'referrals', 'terms', 'ledger'],
  withdrawals: ['affiliates', 'ledger'],
  corrections: ['affiliates', 'ledger'],
  disputes: ['affiliates', 'clicks', 'referrals', 'commissions'],
  imports: ['affiliates', 'clicks', 'referrals', 'terms', 'commissions', 'ledger'],
  // What befalls a client (an edit, a merge, a deletion) befalls every noun.
  clients: [
    'affiliates',
    'clicks',
    'referrals',
    'terms',
    'commissions',
    'withdrawals',
    'corrections',
    'disputes',
    'imports',
    'ledger',
  ],
};
const NOUNS = Object.keys(UPSTREAM);

const upstreamOnly = NOUNS.filter((noun) => noun !== 'clients').map((noun) => ({
  name: `${noun}-knows-only-upstream`,
  comment:
    'affiliates → clicks → referrals → terms → commissions, affiliates → withdrawals, both money nouns → ledger: ' +
    'with one direction, a noun can be understood and changed without reading what is built on it.',
  severity: 'error',
  from: { path: `^module/${noun}/` },
  to: {
    path: `^module/(${NOUNS.filter((other) => other !== noun && !UPSTREAM[noun].includes(other)).join('|')})/`,
  },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...upstreamOnly,
    {
      name: 'services-know-no-noun',
      comment:
        'The log, the outboxes, the wire and the database serve every noun, so they can depend on none of them.',
      severity: 'error',
      from: { path: '^module/(audit|commands|database|webhooks|wire)/' },
      to: { path: `^module/(${NOUNS.join('|')})/` },
    },
    {
      name: 'the-proof-asks-no-noun',
      comment:
        "An auditor who takes the bookkeeper's word proves nothing: the proof reads every noun's tables with statements " +
        'of its own, and takes from the ledger alone how a seal is computed.',
      severity: 'error',
      from: { path: '^module/proof/' },
      to: {
        path: `^module/(events|commands|audit|webhooks|${NOUNS.filter((noun) => noun !== 'ledger').join('|')})/`,
      },
    },
    {
      name: 'no-noun-knows-who-checks-it',
      comment: 'What is audited must work the same whether or not somebody looks.',
      severity: 'error',
      from: { path: `^module/(events|commands|audit|database|webhooks|${NOUNS.join('|')})/` },
      to: { path: '^module/(proof|replay|reconcile)/' },
    },
    {
      name: 'business-knows-no-room-above',
      comment: 'module/ is the business: it works the same whoever hosts it and whatever it looks like.',
      severity: 'error',
      from: { path: '^module/' },
      to: { path: '^(index\\.ts|hooks/|pages/|server/|portal/)' },
    },
    {
      name: 'hooks-and-pages-know-the-business-only',
      comment:
        'A hook parses and a page shows; what a panel hook shows is handed to it, so it knows its type alone.',
      severity: 'error',
      from: { path: '^(hooks|pages)/' },
      to: {
        path: '^(index\\.ts|hooks/|pages/|server/|portal/)',
        pathNot: '^$1/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'product-knows-no-portal',
      comment:
        'The reference portal is one host of many; what the product takes from it, another host lacks.',
      severity: 'error',
      from: { path: '^(index\\.ts|server/)' },
      to: { path: '^portal/' },
    },
    {
      name: 'portal-uses-the-front-door',
      comment:
        'The portal stands for any host, and a host has index.ts alone: what it needs must be offered there.',
      severity: 'error',
      from: { path: '^portal/' },
      to: { path: '^(module|hooks|pages|server)/' },
    },
    {
      name: 'rules-are-pure',
      comment:
        'A decision without database, verbs or host can be tested with a table of cases and replayed for ever.',
      severity: 'error',
      from: { path: '^module/[^/]+/rules\\.ts$' },
      to: {
        path: '^(module|hooks|pages|server)/',
        pathNot: '^module/((money|errors|settings|views|url)\\.ts|[^/]+/rules\\.ts)$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'rules-know-no-sql',
      comment: 'Not even a type of Knex: a decision that takes a transaction is a verb.',
      severity: 'error',
      from: { path: '^module/[^/]+/rules\\.ts$' },
      to: { path: 'node_modules/knex/' },
    },
    {
      name: 'a-noun-is-entered-at-its-index',
      comment: 'Its queries and helpers are its own; others use what its index.ts exports, and its rules.',
      severity: 'error',
      from: { path: '^(?:index\\.ts$|hooks/|pages/|server/|module/(?:([^/]+)/|[^/]+\\.ts$))' },
      to: {
        path: '^module/[^/]+/',
        pathNot: '^module/($1/|database/|[^/]+/(index|rules)\\.ts$)',
      },
    },
    {
      name: 'sql-stays-in-the-business',
      comment: 'Hooks, pages and servers get answers, never rows: the tables can then change under them.',
      severity: 'error',
      from: { path: '^(hooks|pages|server)/' },
      to: { path: 'node_modules/(knex|mysql2|better-sqlite3)/|^module/database/' },
    },
    {
      name: 'handlebars-is-for-pages',
      comment:
        'One instance, strict and without prototype access, renders everything; a second would not be.',
      severity: 'error',
      from: { path: '^(index\\.ts|module/|hooks/|server/)' },
      to: { path: 'node_modules/handlebars/' },
    },
    {
      name: 'tokens-are-for-the-edges',
      comment:
        'Signatures prove who speaks, which is settled before the business is asked; clicks alone are born signed.',
      severity: 'error',
      from: { path: '^(index\\.ts|module/(?!clicks/)|portal/)' },
      to: { path: 'node_modules/jsonwebtoken/' },
    },
    {
      name: 'product-needs-only-its-dependencies',
      comment: 'Whoever installs the package gets its dependencies, not what it was developed with.',
      severity: 'error',
      from: { path: '^(index\\.ts|module/|hooks/|pages/|server/)' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['npm', 'type-only'],
        pathNot: 'node_modules/@types/',
      },
    },
    {
      name: 'nothing-needs-tests',
      comment: 'Tests may vanish from a package; nothing else may notice.',
      severity: 'error',
      from: { path: '^(index\\.ts|module/|hooks/|pages/|server/|portal/)' },
      to: { path: '^(tests|scripts|bench)/' },
    },
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one file, or hide a third.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      comment: 'A file that nobody imports and that imports nobody is forgotten.',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: '^(index\\.ts|portal/main\\.ts|scripts/|bench/|tests/)|\\.(js|cjs|mjs|d\\.ts)$',
      },
      to: {},
    },
    {
      name: 'imports-exist',
      comment: 'An import that leads nowhere fails at its first use.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|data|coverage|assets|tests/fixtures|portal/public)/' },
    // Imports of types count: they, too, are knowledge of one file about another.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    preserveSymlinks: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['require', 'node', 'default', 'types'],
    },
  },
};
