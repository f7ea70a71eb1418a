/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/tests/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/tests/fixtures/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/tests/fixtures/'],
  // Only transpiles: `npm run types` checks the types of everything at once, which is faster than once per file.
  transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: '<rootDir>/tsconfig.json' }] },
  globalSetup: '<rootDir>/tests/support/global-setup.ts',
  globalTeardown: '<rootDir>/tests/support/global-teardown.ts',
  reporters: ['default', '<rootDir>/tests/support/reporter.js'],
  // One worker per core: the tests wait for disks and browsers as often as they compute.
  maxWorkers: '100%',
  testTimeout: 30_000,
};
