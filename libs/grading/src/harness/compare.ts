import { CheckEnd } from './check-end.js';
import { judgeWindows, median } from './compare-windows.js';
import { HttpProblem, renderSeconds } from './http-problem.js';
import type { Who } from './messages.js';
import { within } from './within.js';

const ORDER: readonly Who[] = ['reference', 'candidate', 'candidate', 'reference'];
const MAX_ROUNDS = 3;
/** Another round is begun only when there is time for one that is this much longer than the longest so far. */
const ROUND_MARGIN = 1.25;
/** Kept back from the check's time to say what was measured. */
const CLOSING_MS = 500;
/** A candidate that is given up for want of time had this many times as long as the reference took. */
const PATIENCE = 2;

export interface Comparison<Tools> {
  /** One number for one window; lower is better. Called with tools for a server, or module, that was just started. */
  measure(tools: Tools): Promise<number>;
  /** The largest number that passes, from the reference's. */
  limit(reference: number): number;
  unit: string;
  /** For the candidate: what must be. */
  message: string;
  /** Variables for what is started. */
  env?: Record<string, string>;
}

export type Compare<Tools> = (comparison: Comparison<Tools>) => Promise<void>;

export interface CompareSurroundings<Tools> {
  /** Starts one of the two afresh; only when none runs. */
  open(who: Who, env: Record<string, string>): Promise<Tools>;
  /** Kills it. `crashed`: it had ended already although nobody wanted that. */
  close(): Promise<{ crashed: boolean }>;
  /** Until the check's time is over. */
  timeLeftMs(): number;
}

/** Compares the candidate with the reference; rejects with `CheckEnd` when the candidate fails or nothing can be told. */
export function createCompare<Tools>(surroundings: CompareSurroundings<Tools>): Compare<Tools> {
  const { close, timeLeftMs } = surroundings;
  return async (comparison) => {
    await close();
    const run = new ComparisonRun(surroundings, comparison);
    let longestRoundMs = 0;
    for (let round = 1; ; round += 1) {
      const startMs = performance.now();
      for (const who of ORDER) await run.window(who);
      longestRoundMs = Math.max(longestRoundMs, performance.now() - startMs);
      const isLast = round === MAX_ROUNDS || timeLeftMs() - CLOSING_MS < longestRoundMs * ROUND_MARGIN;
      if (run.isDecided(isLast)) return;
    }
  };
}

class ComparisonRun<Tools> {
  private readonly windows: Record<Who, number[]> = { reference: [], candidate: [] };
  private longestReferenceMs = 0;

  constructor(
    private readonly surroundings: CompareSurroundings<Tools>,
    private readonly comparison: Comparison<Tools>,
  ) {}

  /** Measures one window. */
  async window(who: Who): Promise<void> {
    const startMs = performance.now();
    const value = who === 'reference' ? await this.measure(who) : await this.measureInTime();
    this.windows[who].push(value);
    if (who === 'reference')
      this.longestReferenceMs = Math.max(this.longestReferenceMs, performance.now() - startMs);
  }

  /** Whether the candidate passes on what was measured so far; rejects when it fails or cannot be judged. */
  isDecided(isLast: boolean): boolean {
    const judgement = judgeWindows(this.windows, this.comparison.limit, isLast);
    if (judgement.verdict === 'failed') {
      const { reference, limit, candidate } = judgement;
      throw this.failure(reference, limit, this.render(candidate));
    }
    if (judgement.verdict === 'void') throw this.tooNoisy();
    return judgement.verdict === 'passed';
  }

  private async measure(who: Who): Promise<number> {
    const { open, close } = this.surroundings;
    const tools = await open(who, this.comparison.env ?? {});
    const value = await this.comparison.measure(tools);
    if (who === 'reference' ? !Number.isFinite(value) : Number.isNaN(Number(value)))
      throw new TypeError('measure must give a number');
    const { crashed } = await close();
    if (crashed) throw new CheckEnd('failed', 'It ended while it was measured.', { connectionLost: true });
    return value;
  }

  /** A candidate that is too slow to be measured fails with what is known, rather than by the end of the check's time. */
  private async measureInTime(): Promise<number> {
    const startMs = performance.now();
    try {
      const value = await within(this.surroundings.timeLeftMs() - CLOSING_MS, this.measure('candidate'));
      return value ?? this.giveUp(performance.now() - startMs);
    } catch (error) {
      throw error instanceof HttpProblem && error.tooSlow ? this.failureSoFar(error.message) : error;
    }
  }

  private giveUp(afterMs: number): never {
    const hadItsTime = afterMs >= this.longestReferenceMs * PATIENCE;
    // A first round fits into any sensible time; further ones are begun only with time to spare, which noise has taken.
    if (this.windows.candidate.length >= 2 || !hadItsTime) throw this.tooNoisy();
    throw this.failureSoFar(`no result within ${renderSeconds(afterMs)}`);
  }

  private failureSoFar(actual: string): CheckEnd {
    const reference = median(this.windows.reference);
    return this.failure(reference, this.comparison.limit(reference), actual);
  }

  private failure(reference: number, limit: number, actual: string): CheckEnd {
    const expected = `at most ${this.render(limit)}, from the reference's ${this.render(reference)}`;
    return new CheckEnd('failed', this.comparison.message, { expected, actual });
  }

  private tooNoisy(): CheckEnd {
    const all = (who: Who) => this.windows[who].map((value) => this.render(value)).join(', ');
    const figures = `reference ${all('reference')}; candidate ${all('candidate')}`;
    return new CheckEnd('void', `the machine was too noisy to compare (${figures})`);
  }

  /** Three digits are enough to compare by. */
  private render(value: number): string {
    const rounded = Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
    return `${rounded} ${this.comparison.unit}`;
  }
}
