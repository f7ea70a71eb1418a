// Rules are errors or off: a warning is a rule nobody keeps.
import comments from '@eslint-community/eslint-plugin-eslint-comments/configs';
import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const CLOCK = [
  'NewExpression[callee.name="Date"][arguments.length=0]',
  'CallExpression[callee.object.name="Date"][callee.property.name="now"]',
  'CallExpression[callee.object.name="DateTime"][callee.property.name=/^(now|local|utc)$/][arguments.length=0]',
].map((selector) => ({
  selector,
  message: 'The clock is handed in, so that a replay and a test give the same answer on any day.',
}));

const FRACTIONS = [
  'CallExpression[callee.object.name="Math"][callee.property.name="round"]',
  'CallExpression[callee.name="parseFloat"]',
  'CallExpression[callee.object.name="Number"][callee.property.name="parseFloat"]',
  'CallExpression[callee.property.name="toFixed"]',
].map((selector) => ({
  selector,
  message:
    'Amounts are integers of minor units; only module/money.ts divides, rounds, reads and writes them.',
}));

const PRODUCT = ['index.ts', '{module,hooks,pages,server}/**/*.ts'];
const TESTS = ['tests/**/*.ts'];

export default tseslint.config(
  { ignores: ['dist/', 'dist-whmcs/', 'coverage/', 'data/', 'screenshots/', 'tests/fixtures/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  comments.recommended,
  { rules: { '@eslint-community/eslint-comments/require-description': 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      // A number in a sentence reads as one.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `() => close()` says what happens and hides nothing.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // `while (true)` is how a loop says that it ends from inside.
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      // A port's method may be async in name of its interface alone.
      '@typescript-eslint/require-await': 'off',
      // `Record<never, never>` says "no parameters", and is what Knex's queries infer for "no columns named".
      '@typescript-eslint/no-generated-empty-object-type': 'off',
      // Spreading a string gives its code points, which is what is meant.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      // Objects here are made of closures, which know what they belong to however they are called.
      '@typescript-eslint/unbound-method': 'off',
      'no-restricted-properties': [
        'error',
        {
          object: 'URL',
          property: 'canParse',
          message: 'On Node 20 it forgets letters such as ü: parseUrl does not.',
        },
      ],
      eqeqeq: 'error',
    },
  },
  {
    files: [...PRODUCT, '{portal,scripts,bench}/**/*.ts'],
    rules: {
      complexity: ['error', 12],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['{module,hooks,pages,server}/**/*.ts'],
    ignores: ['module/money.ts'],
    rules: { 'no-restricted-syntax': ['error', ...CLOCK, ...FRACTIONS] },
  },
  { files: ['module/money.ts'], rules: { 'no-restricted-syntax': ['error', ...CLOCK] } },
  {
    files: ['index.ts', 'portal/**/*.ts'],
    ignores: ['portal/money.ts'],
    rules: { 'no-restricted-syntax': ['error', ...FRACTIONS] },
  },
  {
    files: TESTS,
    rules: {
      // A missing row fails the test either way, and what the test is about stays readable.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['**/*.{js,cjs}'],
    ignores: ['assets/**'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: {
        module: 'writable',
        require: 'readonly',
        process: 'readonly',
        __dirname: 'readonly',
        __filename: 'readonly',
      },
    },
  },
  {
    files: ['{assets,portal/public}/**/*.js'],
    languageOptions: {
      sourceType: 'script',
      globals: Object.fromEntries(
        [
          'document',
          'window',
          'navigator',
          'location',
          'history',
          'fetch',
          'URL',
          'URLSearchParams',
          'FormData',
          'Intl',
          'setTimeout',
          'clearTimeout',
          'AbortController',
          'DOMParser',
          'CustomEvent',
          'HTMLElement',
          'Element',
          'getSelection',
        ].map((name) => [name, 'readonly']),
      ),
    },
    rules: {
      'max-lines': ['error', 300],
      'max-lines-per-function': ['error', 60],
      complexity: ['error', 12],
    },
  },
);
