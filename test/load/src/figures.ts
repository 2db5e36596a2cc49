import { median } from './statistics.js';

/** One thing that was measured, in several rounds of one run. */
export interface Figure {
  id: string;
  title: string;
  unit: 'requests/s' | 'gradings/min' | 'ms' | 'MB' | '×' | 'checks' | 'errors' | '%';
  median: number;
  lowest: number;
  highest: number;
  rounds: number;
}

/** What a figure should be. `goal` is a floor for ratios of throughput, a ceiling for all else; `met` says the outcome. */
export interface Goal {
  id: string;
  value: number;
  unit: Figure['unit'];
  goal: number;
  met: boolean;
}

/** How a suite is measured. */
export interface BenchOptions {
  /** To prove that everything still works; the figures say nothing. */
  quick: boolean;
  /** Over how many the worker's memory is watched; the suite's own number without. */
  gradings: number | null;
}

/** What a suite gives. */
export interface Measured {
  results: Figure[];
  goals: Goal[];
}

const DIGITS: Record<Figure['unit'], number> = {
  'requests/s': 0,
  'gradings/min': 2,
  ms: 2,
  MB: 1,
  '×': 3,
  checks: 0,
  errors: 0,
  '%': 0,
};

const rounded = (value: number, unit: Figure['unit']) => Number(value.toFixed(DIGITS[unit]));

/** `values`: one a round, in any order. */
export function figure(id: string, title: string, unit: Figure['unit'], values: readonly number[]): Figure {
  return {
    id,
    title,
    unit,
    median: rounded(median(values), unit),
    lowest: rounded(Math.min(...values), unit),
    highest: rounded(Math.max(...values), unit),
    rounds: values.length,
  };
}

export function atLeast({ id, median: value, unit }: Figure, goal: number): Goal {
  return { id, value, unit, goal, met: value >= goal };
}

export function atMost({ id, median: value, unit }: Figure, goal: number): Goal {
  return { id, value, unit, goal, met: value <= goal };
}
