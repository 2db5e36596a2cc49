import assert from 'node:assert/strict';
import { isBuiltin } from 'node:module';

const KINDS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

/** `text` is package.json's, or null if there is none. */
export function expectNoDependencies(text) {
  if (text === null) return;
  let manifest;
  try {
    manifest = JSON.parse(text);
  } catch {
    assert.fail('package.json should be JSON.');
  }
  for (const kind of KINDS) {
    const named = Object.keys(manifest?.[kind] ?? {});
    assert.ok(named.length === 0, `package.json should name no ${kind}.`);
  }
}

/** What a module is asked for: `from '…'`, `import '…'`, `import('…')` and `require('…')`. */
const REQUESTS = [
  /^\s*(?:import|export)\b[^;'"`]*?\bfrom\s*(['"])(?<name>[^'"\n]+)\1/gm,
  /^\s*import\s*(['"])(?<name>[^'"\n]+)\1/gm,
  /\b(?:import|require)\s*\(\s*(['"`])(?<name>[^'"`\n]+)\1\s*\)/g,
];

const withoutComments = (source) => source.replace(/\/\*[\s\S]*?\*\/|(?<![:'"`\\])\/\/.*$/gm, '');

const isOwn = (name) => /^(?:[./#]|file:|data:)/.test(name);

/** A file that is no JavaScript passes. */
export function expectNoImports(path, solution) {
  if (!/\.[cm]?js$/.test(path)) return;
  const source = withoutComments(solution.read(path) ?? '');
  for (const pattern of REQUESTS) {
    for (const { groups } of source.matchAll(pattern)) {
      assert.ok(
        isOwn(groups.name) || isBuiltin(groups.name),
        `${path} should import nothing but Node's own modules and the solution's own files.`,
      );
    }
  }
}
