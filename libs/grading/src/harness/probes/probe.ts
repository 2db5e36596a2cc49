import type { ProbeSpec } from '@assay/tasks';
import type { Compare } from '../compare.js';
import type { HttpTools } from '../http-subject.js';
import type { SeededRandom } from '../seeded-random.js';

/** What a check gets, and where its servers listen, for connections that `http` would not make. */
export interface ProbeTools extends HttpTools {
  compare: Compare<HttpTools>;
  random: SeededRandom;
  port: number;
  /** Ends what runs, and gives the tools of a server, and of sidecars, that know nothing of what came before. */
  startAfresh(env: Record<string, string>): Promise<HttpTools>;
}

export type ProbeName = ProbeSpec['probe'];
export type SpecOf<Name extends ProbeName> = Extract<ProbeSpec, { probe: Name }>;

/** Runs like the code of a check file: no server has been started, and it passes unless it throws. */
export type Probe<Name extends ProbeName> = (tools: ProbeTools, spec: SpecOf<Name>) => Promise<void>;
