import type { Api, EndpointDefinition } from '@assay/contracts/http';
import type { ProblemCode } from '@assay/contracts/problems';
import { type StateWatch, stateOf } from './database-state.js';
import { rightRequest } from './hostile-requests.js';
import { problemOf } from './problem-of.js';
import { type RawAnswer, type RawRequest, sendRaw } from './raw-request.js';
import { type KnownValues, sampleRequest } from './sample-request.js';
import type { TestApi } from './test-api.js';

/** The words of an access table: `ok` is what the route answers when it does its work, the others refuse. */
const REFUSALS = {
  login: 'session.required',
  ended: 'session.expired',
  denied: 'access.denied',
  unseen: 'resource.not_found',
  foreign: 'request.foreign_origin',
  nolink: 'setup.link_used',
  // What the state of the attempt forbids, whosever it is.
  over: 'attempt.practice_over',
  early: 'attempt.not_closed',
  nobreak: 'break.not_approved',
  notyet: 'feedback.not_released',
} as const satisfies Record<string, ProblemCode>;

type Word = keyof typeof REFUSALS | 'ok';

/** One cell of an access table. */
export interface AccessCell {
  /** An operation's id, or a page as `GET /docs`. */
  row: string;
  caller: string;
  word: Word;
  method: string;
  path: string;
  /** Null for a page. */
  endpoint: EndpointDefinition | null;
}

const isWord = (text: string | undefined): text is Word => text === 'ok' || (text ?? '') in REFUSALS;

/**
 * Reads a table whose first line names the callers, and whose other lines name a route and what each caller is
 * answered. Throws when a line is not complete.
 */
export function accessCells({ endpoints }: Api, table: string): AccessCell[] {
  const [head = '', ...lines] = table.split('\n').filter((line) => line.trim() !== '');
  const callers = head.trim().split(/\s+/);
  return lines.flatMap((line) => {
    // A page is named by two words.
    const [, row = '', rest = ''] = /^((?:GET )?\S+)\s+(.*)$/.exec(line) ?? [];
    const words = rest.trim().split(/\s+/);
    if (words.length !== callers.length || !words.every(isWord)) throw new Error(`not a whole row: ${line}`);
    const endpoint = endpoints[row] ?? null;
    const [method = '', path = ''] = endpoint ? [endpoint.method, endpoint.path] : row.split(' ');
    return words.map((word, i) => ({ row, caller: callers[i] ?? '', word, method, path, endpoint }));
  });
}

/** Whether the request can be sent only once about the same thing: it ends it, or makes something of it. */
export const usesUp = ({ word, method, endpoint }: AccessCell): boolean =>
  word === 'ok' && method !== 'GET' && endpoint?.params !== undefined;

/** Whether the request ends the caller's own session. */
export const logsOut = ({ word, method, path }: AccessCell): boolean =>
  word === 'ok' && method === 'DELETE' && path === '/v1/session';

/** Who calls, and about what. */
export interface AccessCall {
  /** Request headers: cookie, origin. */
  headers: Record<string, string>;
  known: KnownValues;
  /** Ids of rows that are not the caller's: none may be told to them, and no row that holds one may change. */
  notTheirs: readonly string[];
}

/** Sends what the cell is about. Throws, saying what is wrong, unless it is answered as the cell says. */
export async function assertAnswered(
  { url, db }: TestApi,
  watch: StateWatch,
  cell: AccessCell,
  { headers, known, notTheirs }: AccessCall,
): Promise<void> {
  const request = requestOf(cell, known, Object.entries(headers));
  const isRefused = cell.word !== 'ok';
  if (isRefused) await watch.begin();
  else watch.forget();
  const isWatched = !isRefused && cell.method !== 'GET' && notTheirs.length > 0;
  const before = isWatched ? await stateOf(db, notTheirs) : null;

  const answer = await sendRaw(url, request);
  // Looked at first: what one cell does wrong is not counted against the next.
  const changes = isRefused ? await watch.changes() : [];
  assertIsWord(answer, cell);
  // Whatever markup is in it, no browser takes it for something else.
  if (answer.headers['x-content-type-options'] !== 'nosniff') throw new Error('it may be sniffed');
  for (const id of notTheirs) {
    if (answer.text.includes(id)) throw new Error(`it tells of what is not theirs, ${id}: ${answer.text}`);
  }
  if (changes.length > 0) throw new Error(`it is refused, and changes ${changes.join()}`);
  const after = isWatched ? await stateOf(db, notTheirs) : null;
  if (JSON.stringify(after) !== JSON.stringify(before))
    throw new Error(`it changes what is not theirs: ${JSON.stringify({ before, after })}`);

  if (cell.method !== 'GET') return;
  const head = await sendRaw(url, { ...request, method: 'HEAD' });
  if (head.status !== answer.status || head.text !== '')
    throw new Error(`HEAD is answered otherwise: ${head.status} ${head.text}`);
}

function requestOf(cell: AccessCell, known: KnownValues, headers: [string, string][]): RawRequest {
  const { method, path, endpoint } = cell;
  if (!endpoint) {
    const target = path.replace(/:(\w+)/g, (_, name: string) => String(known[name]));
    return { method, target, headers };
  }
  const right = rightRequest(endpoint, sampleRequest(endpoint, known));
  return { ...right, headers: [...headers, ...(right.headers ?? [])] };
}

function assertIsWord(answer: RawAnswer, { word, endpoint }: AccessCell): void {
  if (word !== 'ok') {
    problemOf(answer, REFUSALS[word]);
    return;
  }
  // A page may also lead to another one.
  const isServed = endpoint ? answer.status === endpoint.status : answer.status < 400;
  if (!isServed) throw new Error(`it is refused: ${answer.status} ${answer.text}`);
}
