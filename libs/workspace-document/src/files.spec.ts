import { SourcePath } from '@assay/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as Y from 'yjs';
import {
  createFile,
  deleteFile,
  listFiles,
  renameFile,
  replaceProject,
  toFiles,
  writeFile,
} from './files.js';

const docOf = (...files: [path: string, content: string][]) => {
  const doc = new Y.Doc();
  for (const [path, content] of files) createFile(doc, path, content);
  return doc;
};
const pathsOf = (doc: Y.Doc) => listFiles(doc).map(({ path }) => path);
const idOf = (doc: Y.Doc, path: string) => listFiles(doc).find((file) => file.path === path)?.id ?? '';
const replicaOf = (doc: Y.Doc) => {
  const replica = new Y.Doc();
  Y.applyUpdate(replica, Y.encodeStateAsUpdate(doc));
  return replica;
};
const merge = (a: Y.Doc, b: Y.Doc) => {
  Y.applyUpdate(a, Y.encodeStateAsUpdate(b, Y.encodeStateVector(a)));
  Y.applyUpdate(b, Y.encodeStateAsUpdate(a, Y.encodeStateVector(b)));
};

describe('the files of a document', () => {
  it('are created, written, renamed and deleted', () => {
    const doc = docOf(['src/b.js', 'b'], ['a.js', 'a']);
    expect(toFiles(doc)).toEqual([
      { path: 'a.js', content: 'a' },
      { path: 'src/b.js', content: 'b' },
    ]);
    writeFile(doc, 'a.js', 'written');
    writeFile(doc, 'c.js', 'new');
    renameFile(doc, idOf(doc, 'src/b.js'), 'src/z.js');
    expect(toFiles(doc).map(({ path, content }) => `${path}: ${content}`)).toEqual([
      'a.js: written',
      'c.js: new',
      'src/z.js: b',
    ]);
    deleteFile(doc, idOf(doc, 'a.js'));
    renameFile(doc, 'gone', 'x.js');
    expect(pathsOf(doc)).toEqual(['c.js', 'src/z.js']);
  });

  it('keep what somebody types into a file that somebody else renames', () => {
    const mine = docOf(['a.js', 'const a = 1;']);
    const theirs = replicaOf(mine);
    renameFile(mine, idOf(mine, 'a.js'), 'lib/a.js');
    listFiles(theirs)[0]?.text.insert(10, '4');
    merge(mine, theirs);
    expect(toFiles(mine)).toEqual([{ path: 'lib/a.js', content: 'const a = 41;' }]);
  });

  it('are both there when two make one of the same path', () => {
    const mine = docOf();
    const theirs = replicaOf(mine);
    createFile(mine, 'lib/a.test.js', 'x');
    createFile(theirs, 'lib/a.test.js', 'x');
    merge(mine, theirs);
    expect(pathsOf(mine)).toEqual(['lib/a.test (2).js', 'lib/a.test.js']);
    expect(toFiles(theirs)).toEqual(toFiles(mine));
    const keeper = listFiles(mine).map(({ id }) => id);
    expect(idOf(mine, 'lib/a.test.js')).toBe(keeper.sort()[0]);
  });

  it('fit onto a disk when a file and a folder come to the same name, dotfiles included', () => {
    const doc = docOf(['.env', '1'], ['.env/a', '2'], ['.env (2)', '3'], ['src', '4'], ['src/b/c.js', '5']);
    expect(toFiles(doc).map(({ path, content }) => `${path}=${content}`)).toEqual([
      '.env (2)=3',
      '.env (3)=1',
      '.env/a=2',
      'src (2)=4',
      'src/b/c.js=5',
    ]);
  });

  it('never have an impossible path, however long or tampered with', () => {
    const long = `${'x'.repeat(197)}.js`;
    const doc = docOf([long, 'a'], [long, 'b'], ['../../etc/passwd', 'c'], ['', 'd'], ['/a', 'e']);
    const root = doc.getMap('files');
    root.set('number', 1);
    root.set('empty', new Y.Map());
    root.set('text', new Y.Text('no map'));
    const paths = pathsOf(doc);
    expect(paths).toHaveLength(2);
    for (const path of paths) expect(SourcePath.safeParse(path).success).toBe(true);
  });

  it('are replaced by a whole project, those of the same path staying the same files', () => {
    const doc = docOf(['a.js', 'one two'], ['b.js', 'b']);
    const id = idOf(doc, 'a.js');
    const project = [
      { path: 'a.js', content: 'one 2' },
      { path: 'c.js', content: 'c' },
    ];
    replaceProject(doc, project);
    expect(toFiles(doc)).toEqual(project);
    expect(idOf(doc, 'a.js')).toBe(id);
  });
});

const PATHS = ['a.js', 'b.js', 'src', 'src/a.js', 'a.js/b', '.env'];
const step = fc.oneof(
  fc.record({ do: fc.constant('create' as const), path: fc.constantFrom(...PATHS) }),
  fc.record({ do: fc.constant('rename' as const), at: fc.nat(), path: fc.constantFrom(...PATHS) }),
  fc.record({ do: fc.constant('delete' as const), at: fc.nat() }),
  fc.record({ do: fc.constant('type' as const), at: fc.nat(), where: fc.nat(), text: fc.string() }),
  fc.record({ do: fc.constant('write' as const), at: fc.nat(), text: fc.string({ unit: 'binary' }) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function take(doc: Y.Doc, change: Step): void {
  if (change.do === 'create') return void createFile(doc, change.path, 'new');
  const files = listFiles(doc);
  const file = files[change.at % Math.max(1, files.length)];
  if (!file) return;
  if (change.do === 'rename') renameFile(doc, file.id, change.path);
  else if (change.do === 'delete') deleteFile(doc, file.id);
  else if (change.do === 'type') file.text.insert(change.where % (file.text.length + 1), change.text);
  else writeFile(doc, file.path, change.text);
}

describe('two replicas that edit, rename, create and delete at the same time', () => {
  it('come to the same files, each of a path of its own that fits onto a disk', () => {
    fc.assert(
      fc.property(fc.array(step), fc.array(step), fc.array(step), (before, mine, theirs) => {
        const one = docOf(['a.js', 'a'], ['src/a.js', 'b']);
        for (const change of before) take(one, change);
        const other = replicaOf(one);
        for (const change of mine) take(one, change);
        for (const change of theirs) take(other, change);
        merge(one, other);
        expect(toFiles(other)).toEqual(toFiles(one));
        const paths = pathsOf(one);
        expect(new Set(paths).size).toBe(paths.length);
        for (const path of paths) {
          expect(paths.some((longer) => longer.startsWith(`${path}/`))).toBe(false);
          expect(SourcePath.safeParse(path).success).toBe(true);
        }
      }),
    );
  });

  it('write any text as it is', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(text, text, (before, after) => {
        const doc = docOf(['a.js', before]);
        writeFile(doc, 'a.js', after);
        expect(toFiles(doc)).toEqual([{ path: 'a.js', content: after }]);
      }),
    );
  });

  it('keep a character whole of which only one half changes', () => {
    const doc = docOf(['a.js', '😀']);
    writeFile(doc, 'a.js', '😁');
    writeFile(doc, 'a.js', '🨁');
    expect(toFiles(doc)).toEqual([{ path: 'a.js', content: '🨁' }]);
  });
});
