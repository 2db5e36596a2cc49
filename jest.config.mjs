/** One Jest project a test layer (docs/ARCHITECTURE.md, "Tests"); `npm test` runs them all. */
const shared = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    // Their exports have a condition "source" too, which would have us run their sources.
    '^@hocuspocus/(provider|server|common)$':
      '<rootDir>/node_modules/@hocuspocus/$1/dist/hocuspocus-$1.esm.js',
  },
  // 'import' must stay out: Jest would then pick the ESM build of CommonJS packages.
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  transform: { '^.+\\.ts$': '@swc/jest' },
  modulePathIgnorePatterns: ['/dist/', '<rootDir>/.assay/', '<rootDir>/content/'],
};

const layer = (displayName, testMatch, extra = {}) => ({ ...shared, displayName, testMatch, ...extra });

export default {
  // A bound for what hangs, not a measure of speed: machines are shared.
  testTimeout: 60_000,
  // Native ESM leaves each spec's modules behind in its worker: a new one takes its place before the heap is full.
  workerIdleMemoryLimit: '1.5GB',
  projects: [
    layer('unit', ['<rootDir>/{apps,libs,tools}/**/*.spec.ts'], {
      testPathIgnorePatterns: ['\\.(medium|sandbox)\\.spec\\.ts$', '/node_modules/'],
    }),
    layer('medium', ['<rootDir>/{apps,libs,tools}/**/*.medium.spec.ts']),
    layer('sandbox', [
      '<rootDir>/{apps,libs,tools}/**/*.sandbox.spec.ts',
      '<rootDir>/test/abuse/**/*.spec.ts',
    ]),
    layer('e2e', ['<rootDir>/test/e2e/**/*.spec.ts']),
    layer('chaos', ['<rootDir>/test/chaos/**/*.spec.ts']),
    layer('browser', ['<rootDir>/test/browser/**/*.spec.ts']),
    layer('load', ['<rootDir>/test/load/**/*.spec.ts']),
    layer('start', ['<rootDir>/test/start/**/*.spec.ts']),
  ],
};
