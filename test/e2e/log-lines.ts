/** One line of a process's log. */
export interface LogLine {
  level: string;
  msg: string;
  requestId?: string;
  jobId?: string;
  gradingId?: string;
  submissionId?: string;
  route?: string;
  status?: number;
  err?: { type: string; message: string; stack: string };
  [field: string]: unknown;
}

/** The JSON lines of a log; what else was printed, by Node itself, is left out. */
export function logLines(log: string): LogLine[] {
  return log
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as LogLine);
}
