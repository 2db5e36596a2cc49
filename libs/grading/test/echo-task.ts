import type { SourceFile } from '@assay/contracts';
import type { SidecarsSpec, TaskBundle } from '@assay/tasks';

export interface CheckCode {
  /** The body of a check: every tool has its name, and `assert` is there. */
  code: string;
  timeoutMs?: number;
  weight?: number;
  kind?: 'functional' | 'performance';
}

export interface TaskShape {
  hidden: Readonly<Record<string, CheckCode>>;
  sample?: Readonly<Record<string, CheckCode>>;
  startTimeoutMs?: number;
  startedBy?: 'harness' | 'check';
  instances?: 2;
  sidecars?: SidecarsSpec;
  /** `function`: solutions are modules, `module.js`. */
  mode?: 'http' | 'function';
  limits?: Partial<TaskBundle['manifest']['limits']>;
  starter?: string;
  /** Beside the server of the starter. */
  starterFiles?: SourceFile[];
  reference?: string;
  mutants?: Readonly<Record<string, { server: string; fails: string[] }>>;
  /** In place of the generated check file. */
  hiddenFile?: string;
}

/** Answers `GET /` with `ok`. */
export const GOOD_SERVER = `import http from 'node:http';
http.createServer((request, response) => response.end('ok')).listen(process.env.PORT, '127.0.0.1');
`;

/** Passes on GOOD_SERVER. */
export const ANSWERS: CheckCode = {
  code: `const answer = await http.get('/'); assert.equal(answer.text, 'ok', 'GET / must answer ok.');`,
};

export const serverFile = (content: string): SourceFile[] => [
  { path: 'package.json', content: '{"type":"module"}' },
  { path: 'server.js', content },
];

export const moduleFile = (content: string): SourceFile[] => [
  { path: 'package.json', content: '{"type":"module"}' },
  { path: 'module.js', content },
];

function checkFile(checks: Readonly<Record<string, CheckCode>>): string {
  const entries = Object.entries(checks).map(
    ([name, { code }]) =>
      `${JSON.stringify(name)}: async (tools) => { const { http, random, server, load, compare, solution, module, upstream, redis, postgres, mail } = tools; ${code} },`,
  );
  return `import assert from 'node:assert/strict';\nexport default {\n${entries.join('\n')}\n};\n`;
}

const specs = (checks: Readonly<Record<string, CheckCode>>): TaskBundle['manifest']['checks']['hidden'] =>
  Object.entries(checks).map(([name, { timeoutMs = 5_000, weight = 1, kind = 'functional' }]) => ({
    name,
    competency: 'rest',
    level: 'junior',
    weight,
    kind,
    timeoutMs,
    impliedBy: 'It answers.',
  }));

function subjectOf({ mode = 'http', startTimeoutMs = 5_000, startedBy, instances, sidecars }: TaskShape) {
  return mode === 'http'
    ? {
        mode,
        server: { command: ['node', 'server.js'] as ['node', string], startTimeoutMs, startedBy, instances },
        sidecars,
      }
    : { mode, module: { file: 'module.js', startTimeoutMs } };
}

/** A small task in memory, from the code of its checks. */
export function echoTask(shape: TaskShape): TaskBundle {
  const sample = shape.sample ?? { answers: ANSWERS };
  const mutants = Object.entries(shape.mutants ?? {});
  const filesOf = shape.mode === 'function' ? moduleFile : serverFile;
  return {
    manifest: {
      id: 'echo',
      code: 'T90',
      version: 1,
      title: 'An echo',
      minutes: 30,
      competencies: ['rest'],
      ...subjectOf(shape),
      limits: { memoryMb: 128, pids: 64, cpus: 1, outputKb: 256, tmpMb: 16, ...shape.limits },
      checks: { sample: specs(sample), hidden: specs(shape.hidden) },
      mutants: mutants.map(([name, { fails }]) => ({ name, describes: 'broken', fails })),
    },
    brief: '# An echo\n',
    starter: [...filesOf(shape.starter ?? GOOD_SERVER), ...(shape.starterFiles ?? [])],
    reference: filesOf(shape.reference ?? GOOD_SERVER),
    checks: [
      { path: 'hidden.mjs', content: shape.hiddenFile ?? checkFile(shape.hidden) },
      { path: 'sample.mjs', content: checkFile(sample) },
    ],
    mutants: mutants.map(([name, { server }]) => ({ name, files: filesOf(server) })),
  };
}
