import tseslint from 'typescript-eslint';

/**
 * Rules that find mistakes; how code looks is Biome's. `npm run check` runs them with types.
 * No `consistent-type-imports`: Nest injects classes by the metadata of their imports, which a type import has not.
 */

/** Every directive that switches a rule off says why: `// eslint-disable-next-line rule -- because …`. */
const disableNeedsReason = {
  meta: { type: 'suggestion', schema: [], messages: { reason: 'Say why, after `--`.' } },
  create: (context) => ({
    Program() {
      for (const comment of context.sourceCode.getAllComments()) {
        const isDirective = /^\s*(eslint-disable|@ts-expect-error)/.test(comment.value);
        const hasReason = /--\s*\S|@ts-expect-error:\s*\S/.test(comment.value);
        if (isDirective && !hasReason) context.report({ loc: comment.loc, messageId: 'reason' });
      }
    },
  }),
};

const noProcessEnv = {
  object: 'process',
  property: 'env',
  message: 'Settings are read and checked once, in libs/platform/src/config; take them by injection.',
};

const noNodeProcessEnv = {
  name: 'node:process',
  importNames: ['env'],
  message: noProcessEnv.message,
};

const noJestMock = {
  selector: "CallExpression[callee.object.name='jest'][callee.property.name=/^(mock|unstable_mockModule)$/]",
  message: 'It has no effect in native ESM: substitute through the constructor.',
};

const noFocusedOrSkippedTests = [
  {
    selector:
      'MemberExpression[object.name=/^(describe|it|test)$/][property.name=/^(only|skip|todo|failing)$/]',
    message: 'A test runs or does not exist.',
  },
  {
    selector: 'CallExpression[callee.name=/^(fdescribe|fit|xdescribe|xit|xtest)$/]',
    message: 'A test runs or does not exist.',
  },
];

export default [
  {
    ignores: [
      '**/dist/',
      '**/node_modules/',
      '**/generated/',
      'tools/boundaries-fixture/',
      'content/',
      'coverage/',
      '.assay/',
      'docs/',
      '*.mjs',
      '*.ts',
      '.*.mjs',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    // What tsconfig.json includes.
    files: ['{apps,libs}/*/src/**/*.{ts,tsx,mjs}', '{tools,test}/**/*.{ts,tsx,mjs}'],
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    plugins: {
      '@typescript-eslint': tseslint.plugin,
      assay: { rules: { 'disable-needs-reason': disableNeedsReason } },
    },
    rules: {
      'assay/disable-needs-reason': 'error',

      // A promise that nobody waits for loses its error, and in a worker the process with it.
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      // `return promise` inside try leaves the try before it fails.
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/only-throw-error': ['error', { allowThrowingUnknown: true }],
      '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingUnknown: true }],

      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/no-non-null-asserted-optional-chain': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-base-to-string': 'error',
      '@typescript-eslint/no-for-in-array': 'error',
      '@typescript-eslint/no-array-delete': 'error',
      '@typescript-eslint/require-array-sort-compare': ['error', { ignoreStringArrays: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],

      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-var': 'error',
      'prefer-const': ['error', { destructuring: 'all' }],
      'no-constant-binary-expression': 'error',
      'no-self-compare': 'error',
      'no-unsafe-finally': 'error',
      'no-unreachable-loop': 'error',
      'no-async-promise-executor': 'error',
      'no-loss-of-precision': 'error',
      'no-dupe-else-if': 'error',
      'no-cond-assign': 'error',
      'no-debugger': 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
    },
  },
  {
    files: ['apps/**/*.{ts,tsx}', 'libs/**/*.{ts,tsx}'],
    ignores: [
      '**/*.spec.ts',
      '**/*.spec.tsx',
      'libs/platform/src/config/**',
      'libs/platform/src/config.ts',
      'libs/testing/**',
      'libs/*/test/**',
    ],
    rules: {
      'no-restricted-properties': ['error', noProcessEnv],
      'no-restricted-imports': ['error', { paths: [noNodeProcessEnv] }],
      'no-console': 'error',
    },
  },
  {
    files: ['apps/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            noNodeProcessEnv,
            {
              name: '@nestjs/common',
              importNames: ['Body', 'Headers', 'Param', 'Query', 'UploadedFile', 'UploadedFiles'],
              message:
                'Nest takes a parameter without a schema as it comes. Take the input that `endpoint` has parsed.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['**/*.spec.ts', '**/*.spec.tsx'],
    rules: { 'no-restricted-syntax': ['error', noJestMock, ...noFocusedOrSkippedTests] },
  },
];
