import { Problem, type ProblemCode } from '@assay/contracts/problems';
import { problemOf } from './problem-of.js';
import type { RawAnswer, RawRequest } from './raw-request.js';

/** What a request should be answered; null: anything but a fault of ours. */
export interface WantedAnswer {
  code: ProblemCode | null;
  /** Where the problem must point, or to something below it; null: anywhere. */
  pointer?: string | null;
}

/** Far above what anybody reads. */
const LONGEST_REFUSAL = 50_000;

/**
 * What is wrong with an answer, in words; null when nothing is. A refusal must be a problem document of a known code
 * that says nothing of our insides and points to what is in the request or is missing there.
 */
export function faultOf(answer: RawAnswer, { body }: RawRequest, wanted: WantedAnswer): string | null {
  const shown = `${answer.status} ${answer.text.slice(0, 600)}`;
  if (answer.status < 400) return wanted.code ? `it is not refused: ${shown}` : null;
  if (answer.text.length > LONGEST_REFUSAL) return `a refusal of ${answer.text.length} characters: ${shown}`;
  // 503 is for a database that is away: here it is not.
  if (answer.status >= 500) return `it breaks the server: ${shown}`;
  try {
    const parsed = Problem.safeParse(JSON.parse(answer.text));
    if (!parsed.success) return `it is no problem document: ${shown}`;
    const code = wanted.code ?? parsed.data.code;
    const pointers = (problemOf(answer, code).errors ?? []).map(({ pointer }) => pointer);
    const sent: unknown = pointers.length > 0 ? JSON.parse(String(body ?? '{}')) : null;
    const nowhere = pointers.find((pointer) => !leadsSomewhere(pointer, sent));
    if (nowhere !== undefined) return `it points to nothing, ${nowhere}: ${shown}`;
    const { pointer } = wanted;
    if (pointer && !pointers.some((one) => one === pointer || one.startsWith(`${pointer}/`)))
      return `it points to ${JSON.stringify(pointers).slice(0, 600)}, not to ${pointer}`;
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** To a field of the body, to one that could be in an object of it, or to another part of the request. */
function leadsSomewhere(pointer: string, sent: unknown): boolean {
  if (/^\/(?:params|query|headers)\//.test(pointer)) return true;
  let value = sent ?? {};
  const names = pointer.split('/').slice(1);
  for (const [depth, escaped] of names.entries()) {
    if (typeof value !== 'object') return false;
    const name = escaped.replaceAll('~1', '/').replaceAll('~0', '~');
    if (!Object.hasOwn(value, name)) return depth === names.length - 1;
    value = (value as Record<string, unknown>)[name] ?? '';
  }
  return true;
}

/** RFC 6901. */
export const pointerTo = (path: readonly string[]): string =>
  path.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
