import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A small valid manifest. Specs break it by replacing a part of its text, so line numbers stay readable here. */
export const MANIFEST = `id: echo
code: T90
version: 1
title: An echo
mode: http
minutes: 30
competencies: [rest]
server: { command: [node, server.js], startTimeoutMs: 2000 }
limits: { memoryMb: 128 }
checks:
  sample:
    - name: answers
      competency: rest
      level: junior
      weight: 1
      kind: functional
      impliedBy: "It answers."
  hidden:
    - name: echoes
      competency: rest
      level: junior
      weight: 3
      kind: functional
      impliedBy: "It echoes."
    - name: refuses
      competency: rest
      level: mid
      weight: 1
      kind: edge
      timeoutMs: 1000
      impliedBy: "It refuses."
mutants:
  - name: silent
    describes: "says nothing"
    fails: [echoes]
`;

export const TASK_FILES: Readonly<Record<string, string>> = {
  'task.yaml': MANIFEST,
  'brief.md': '# An echo\n',
  'starter/server.js': 'starter\n',
  'reference/server.js': 'reference\n',
  'reference/lib/echo.js': 'echo\n',
  'checks/sample.mjs': 'export default {};\n',
  'checks/hidden.mjs': 'export default {};\n',
  'mutants/silent/lib/echo.js': 'silence\n',
};

export interface TemporaryFolders {
  /** Writes the files into a fresh folder called `name`; a null content leaves the file out. */
  write(files: Readonly<Record<string, string | Buffer | null>>, name?: string): Promise<string>;
  remove(): Promise<void>;
}

export function temporaryFolders(): TemporaryFolders {
  const roots: string[] = [];
  return {
    write: async (files, name = 'echo') => {
      const root = await mkdtemp(join(tmpdir(), 'assay-task-'));
      roots.push(root);
      const folder = join(root, name);
      await mkdir(folder);
      for (const [path, content] of Object.entries(files)) {
        if (content === null) continue;
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), content);
      }
      return folder;
    },
    remove: async () => {
      await Promise.all(roots.map((root) => rm(root, { recursive: true, force: true })));
    },
  };
}
