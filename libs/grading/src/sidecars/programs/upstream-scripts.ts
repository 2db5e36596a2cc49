import type { UpstreamReply } from '../../harness/upstream-tool.js';

interface Script {
  matches: Matcher;
  replies: readonly UpstreamReply[];
  given: number;
}

export interface Matcher {
  (method: string, path: string): boolean;
  /** The one that says more decides. */
  weight: number;
}

/** `/price/a1`, `GET /price/a1`, `/price/*`. */
export function matcherOf(requests: string): Matcher {
  const [, method, pattern] = /^(?:([A-Z]+) )?(\/\S*)$/.exec(requests) ?? [];
  if (pattern === undefined)
    throw new Error(`${JSON.stringify(requests)} names no requests: say /path, GET /path or /path/*`);
  const isPrefix = pattern.endsWith('*');
  const path = isPrefix ? pattern.slice(0, -1) : pattern;
  const matches = (asked: string, askedPath: string) => {
    const [plain = ''] = askedPath.split('?', 1);
    return (method === undefined || method === asked) && (isPrefix ? plain.startsWith(path) : plain === path);
  };
  // An exact path says more than any prefix, a longer prefix more than a shorter one, a method more than none.
  const weight = 2 * (isPrefix ? path.length : 1_000_000) + (method === undefined ? 0 : 1);
  return Object.assign(matches, { weight });
}

/** Which reply comes next. */
export class UpstreamScripts {
  private readonly scripts = new Map<string, Script>();

  set(requests: string, replies: readonly UpstreamReply[]): void {
    if (replies.length === 0) throw new Error(`the script for ${requests} has no reply`);
    this.scripts.set(requests, { matches: matcherOf(requests), replies, given: 0 });
  }

  next(method: string, path: string): UpstreamReply {
    const [script] = [...this.scripts.values()]
      .filter(({ matches }) => matches(method, path))
      .sort((one, other) => other.matches.weight - one.matches.weight);
    if (!script) return { status: 404, body: 'There is nothing here.' };
    const { replies, given } = script;
    script.given += 1;
    return replies[Math.min(given, replies.length - 1)] ?? {};
  }

  clear(): void {
    this.scripts.clear();
  }
}
