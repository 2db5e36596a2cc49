/** What a log says of an error. */
export interface ErrorRecord {
  type: string;
  message: string;
  code?: string;
  /** With the stacks of all causes below it. */
  stack: string;
}

const MOST_CAUSES = 5;
const MOST_CHARACTERS = 8_000;

/** Connection URLs hold passwords, invitation and set-up links hold their secret; both are quoted in messages. */
const SECRETS: readonly [RegExp, string][] = [
  [/(\b[a-z][a-z0-9+.-]{0,15}:\/\/)[^\s/@]{0,1000}@/gi, '$1[cut]@'],
  [/(\/a\/|\/setup#)[\w-]{16,}/g, '$1[cut]'],
];

const cut = (text: string): string =>
  SECRETS.reduce((rest, [secret, instead]) => rest.replace(secret, instead), text).slice(0, MOST_CHARACTERS);

/**
 * Only what is named here is logged of an error: libraries hang onto theirs whatever they were working on (Postgres the
 * row, Redis the command, Prisma the arguments), and that may be a password or a candidate's code.
 */
export function recordError(error: unknown): ErrorRecord {
  if (!(error instanceof Error)) return { type: typeof error, message: 'thrown, and no Error', stack: '' };
  const { code } = error as { code?: unknown };
  return {
    type: error.constructor.name,
    message: cut(error.message),
    ...(typeof code === 'string' ? { code } : {}),
    stack: cut(stackWithCauses(error).join('\ncaused by: ')),
  };
}

function stackWithCauses(error: Error): string[] {
  const stacks: string[] = [];
  let next: unknown = error;
  while (next instanceof Error && stacks.length <= MOST_CAUSES) {
    stacks.push(next.stack ?? `${next.name}: ${next.message}`);
    // Several addresses were tried: the first of them says what was wrong.
    next = next.cause ?? (next instanceof AggregateError ? next.errors[0] : undefined);
  }
  return stacks;
}
