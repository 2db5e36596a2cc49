import { OPTIONS_FD, READY_FD } from './wall.js';

/**
 * Runs inside the sandbox, before anything untrusted: tells the worker that the wall stands, and which process in
 * there is the command, which it becomes.
 */
const REPORT_READY = `echo $$ >&${READY_FD}; exec ${READY_FD}>&- ${OPTIONS_FD}<&-; exec "$@"`;

/** What a wall starts inside, so that it is the command that then runs. */
export const reportReadyThen = (command: readonly string[]): string[] => [
  ...['/usr/bin/sh', '-c', REPORT_READY, 'report-ready'],
  ...command,
];
