/** What is said between the editor and the worker that knows TypeScript. Offsets are UTF-16 positions in a file. */

export interface Diagnostic {
  from: number;
  to: number;
  message: string;
  /** `unused`: shown faded, not as a fault. */
  severity: 'error' | 'unused';
}

export interface Completion {
  name: string;
  /** TypeScript's word: `function`, `property`, `method`, `const`, … */
  kind: string;
  /** Lower comes first. */
  rank: number;
  insert: string;
}

export interface Hover {
  from: number;
  to: number;
  signature: string;
  about: string;
}

/** Each call of the worker: its arguments, and what it answers. */
export interface LanguageCalls {
  /** Comes first: the declarations as JSON in UTF-8, text by path. Gives how many there are. */
  open: { takes: { types: ArrayBuffer }; gives: number };
  /** The whole text of some files; null when one is gone. */
  update: { takes: { files: Record<string, string | null> }; gives: null };
  diagnose: { takes: { path: string }; gives: Diagnostic[] };
  complete: { takes: { path: string; offset: number }; gives: Completion[] };
  explain: { takes: { path: string; offset: number; name: string }; gives: string };
  hover: { takes: { path: string; offset: number }; gives: Hover | null };
}

export type CallName = keyof LanguageCalls;
export type Call = { [K in CallName]: { id: number; name: K; takes: LanguageCalls[K]['takes'] } }[CallName];
export type Answer = { id: number } & ({ gives: LanguageCalls[CallName]['gives'] } | { failed: string });
