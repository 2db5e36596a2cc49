import type { Limits } from '../engine.js';
import { OPTIONS_FD, READY_FD } from './wall.js';

const KIB = 1024;
/** Stacks of Node's own threads count as data before they are used. */
const UNUSED_DATA_BYTES = 64 * 2 ** 20;

/**
 * Runs inside the sandbox, before anything untrusted: tells the worker that the wall stands, and which process in
 * there is the command, which it becomes.
 */
const REPORT_READY = `echo $$ >&${READY_FD}; exec ${READY_FD}>&- ${OPTIONS_FD}<&-; exec "$@"`;

/**
 * The same without cgroups. The limits are of each process (KiB of data, in dash's words) and of the container's own user
 * namespace, hence set in there. It waits for an answer: whoever follows its processes must have seen it alive.
 */
const limitAndReport = (limits: Limits): string =>
  `ulimit -d ${Math.ceil((limits.memoryBytes + UNUSED_DATA_BYTES) / KIB)} && ulimit -p ${limits.pids} || exit 1
echo $$ >&${READY_FD}; read -r _ <&${READY_FD} || exit 1
exec ${READY_FD}>&- ${OPTIONS_FD}<&-; exec "$@"`;

/** As `reportReadyThen`, for a container whose limits are its processes' own. */
export const limitAndReportReadyThen = (limits: Limits, command: readonly string[]): string[] => [
  ...['/usr/bin/sh', '-c', limitAndReport(limits), 'report-ready'],
  ...command,
];

/** What a wall starts inside, so that it is the command that then runs. */
export const reportReadyThen = (command: readonly string[]): string[] => [
  ...['/usr/bin/sh', '-c', REPORT_READY, 'report-ready'],
  ...command,
];
