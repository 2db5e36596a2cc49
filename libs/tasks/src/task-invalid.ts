/** One thing wrong with a task, as its author can find it. */
export interface TaskProblem {
  /** Relative to the task's folder. */
  file: string;
  /** 1-based; null when the problem is the file itself. */
  line: number | null;
  /** e.g. `checks.hidden[2].weight`; null when no field is meant. */
  field: string | null;
  message: string;
}

function renderProblem({ file, line, field, message }: TaskProblem): string {
  const place = line === null ? file : `${file}:${line}`;
  return field === null ? `  ${place}: ${message}` : `  ${place}: ${field} ${message}`;
}

/** A task cannot be used as it is; `problems` lists everything found, not only the first. */
export class TaskInvalid extends Error {
  override name = 'TaskInvalid';
  constructor(
    readonly task: string,
    readonly problems: readonly TaskProblem[],
  ) {
    super(`the task ${task} is not valid:\n${problems.map(renderProblem).join('\n')}`);
  }
}
