/**
 * The dependency rule of docs/ARCHITECTURE.md. `npm run check` holds it against the tree and against
 * tools/boundaries-fixture, which breaks each rule once and must fail.
 */

const everythingOurs = '^(apps|libs|tools|test)/';
const spec = '\\.spec\\.tsx?$';

/** A rule that lets the files of `from` import these folders of the checkout, their own, and no other. */
const mayUse = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  // What a spec imports beside its subject is bound by `specs-only-use-testing` alone.
  from: { path: `^(${from})/`, pathNot: spec },
  to: { path: everythingOurs, pathNot: ['^$1/', ...allowed.map((folder) => `^${folder}/`)] },
});

export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'ESM and decorator metadata turn a cycle into a crash at start-up.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'every-import-resolves',
      comment: 'An import that is not understood would escape every other rule.',
      severity: 'error',
      from: {},
      // Made by Vite from the installed types (apps/web/candidate-types-plugin.mjs); no file.
      to: { couldNotResolve: true, pathNot: '^virtual:candidate-types$' },
    },
    {
      name: 'sources-not-builds',
      comment: 'An import that leads into dist/ hides what the imported file imports.',
      severity: 'error',
      // The black box is built: a test may load it as a process of its own.
      from: { pathNot: '^test/' },
      to: { path: '^(apps|libs|tools)/.*\\bdist/' },
    },
    {
      name: 'packages-meet-at-their-exports',
      comment: 'Another package is imported by its name, so that its package.json decides what is public.',
      severity: 'error',
      from: { path: '^((?:apps|libs)/[^/]+)/' },
      to: { path: '^(apps|libs)/', pathNot: '^$1/', dependencyTypesNot: ['aliased-workspace'] },
    },
    mayUse('contracts-use-nothing', 'libs/contracts', [], 'What is said on the wire depends on nobody.'),
    mayUse(
      'core-uses-itself-only',
      'libs/core',
      [],
      'Rules are plain TypeScript; what they need comes in through ports.',
    ),
    {
      name: 'core-contexts-meet-at-their-index',
      comment: 'One context reaches another through its index.ts only.',
      severity: 'error',
      from: { path: '^libs/core/src/([^/]+)/' },
      to: {
        path: '^libs/core/src/[^/]+/',
        pathNot: ['^libs/core/src/$1/', '^libs/core/src/[^/]+/index\\.ts$'],
      },
    },
    {
      name: 'core-has-no-io',
      comment: 'No framework, no database, no clock: a rule that needs the world asks for it through a port.',
      severity: 'error',
      from: { path: '^libs/core/', pathNot: spec },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'core'],
        pathNot: '^(node:)?crypto$',
      },
    },
    mayUse(
      'sandbox-and-tasks-use-contracts-only',
      'libs/(?:sandbox|tasks|archive)',
      ['libs/contracts'],
      'The sandbox knows nothing of grading; the bundle format knows nothing of who runs it.',
    ),
    mayUse(
      'content-may-use',
      'libs/content',
      ['libs/contracts', 'libs/tasks'],
      'Written content is checked against the vocabulary and the tasks that it names; nobody reads its files at run time.',
    ),
    mayUse(
      'grading-may-use',
      'libs/grading',
      ['libs/tasks', 'libs/sandbox', 'libs/contracts'],
      'Grading is bundle + engine → results, so that authors get from the command line what the worker does.',
    ),
    mayUse(
      'queue-may-use',
      'libs/queue',
      ['libs/core', 'libs/contracts'],
      "Adapters implement core's ports and speak contract types; they do not know each other.",
    ),
    mayUse(
      'db-may-use',
      'libs/db',
      ['libs/core', 'libs/contracts', 'libs/workspace-document'],
      'The rows of a workspace are projected from its document.',
    ),
    mayUse(
      'workspace-document-may-use',
      'libs/workspace-document',
      ['libs/core', 'libs/contracts'],
      'Rules about a document, the same in the browser and on the server.',
    ),
    mayUse(
      'platform-may-use',
      'libs/platform',
      ['libs/core', 'libs/contracts', 'libs/db'],
      'Glue that both APIs and the worker share.',
    ),
    mayUse('ui-uses-nothing', 'libs/ui', [], 'Primitives and theme know no wire type.'),
    mayUse(
      'web-may-use',
      'apps/web',
      ['libs/ui', 'libs/contracts', 'libs/workspace-document'],
      'The browser knows the API by its contracts, and a workspace by its document.',
    ),
    mayUse(
      'apps-may-use',
      'apps/[^/]+-api',
      ['platform', 'core', 'contracts', 'db', 'queue', 'archive', 'workspace-document'].map(
        (lib) => `libs/${lib}`,
      ),
      'An API only wires. It cannot reach hidden checks or run candidates’ code, not even by mistake.',
    ),
    mayUse(
      'worker-may-use',
      'apps/grading-worker',
      ['platform', 'core', 'contracts', 'db', 'queue', 'tasks', 'grading', 'sandbox'].map(
        (lib) => `libs/${lib}`,
      ),
      'The only app that runs untrusted code.',
    ),
    {
      name: 'web-runs-in-a-browser',
      comment: 'Node built-ins and server packages do not exist there.',
      severity: 'error',
      from: { path: '^(apps/web/src|libs/ui/src)/', pathNot: spec },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'tools-may-use',
      comment: 'The command line may use any library, and no app.',
      severity: 'error',
      from: { path: '^tools/' },
      to: { path: '^(apps|test)/' },
    },
    {
      name: 'tests-are-black-box',
      comment: 'test/ drives the built apps through the client, and documents as the browser does.',
      severity: 'error',
      from: { path: '^test/', pathNot: '^test/(chaos/mortal-services|abuse/|load/)' },
      to: {
        path: everythingOurs,
        pathNot: ['^test/', '^libs/(contracts|testing|sandbox|workspace-document)/'],
      },
    },
    {
      name: 'attacks-and-measurements-grade',
      comment:
        'The abuse suite attacks the sandbox and grades after each attack; the bench measures one grading by itself.',
      severity: 'error',
      from: { path: '^test/(abuse|load)/' },
      to: {
        path: everythingOurs,
        pathNot: ['^test/', '^libs/(archive|contracts|testing|sandbox|grading|tasks)/'],
      },
    },
    {
      name: 'chaos-brings-its-own-services',
      comment: 'Postgres and Redis that are killed must be nobody else’s: started as `npm start` does.',
      severity: 'error',
      from: { path: '^test/chaos/mortal-services' },
      to: { path: everythingOurs, pathNot: ['^tools/bootstrap/'] },
    },
    {
      name: 'only-abuse-tests-and-the-bench-use-the-sandbox',
      comment: 'The other tests meet the sandbox through a worker.',
      severity: 'error',
      from: { path: '^test/', pathNot: '^test/(abuse|load)/' },
      to: { path: '^libs/sandbox/' },
    },
    {
      name: 'specs-only-use-testing',
      comment: 'Factories and fake clocks must not ship.',
      severity: 'error',
      from: { pathNot: [spec, '^libs/testing/', '^test/'] },
      to: { path: '^libs/testing/' },
    },
    {
      name: 'nobody-uses-an-app',
      comment: 'Apps are started, not imported.',
      severity: 'error',
      from: { pathNot: '^apps/' },
      to: { path: '^apps/' },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '\\bdist/'] },
    exclude: { path: ['^tools/boundaries-fixture/', '^libs/db/src/generated/'] },
    // Packages are declared once, in the root's package.json.
    combinedDependencies: true,
    // `import type` counts: a type that crosses a boundary is a dependency too.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: `${import.meta.dirname}/tsconfig.json` },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.css'],
    },
  },
};
