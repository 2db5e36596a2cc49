import { setFlagsFromString } from 'node:v8';

/**
 * Boots Node before a program's turn: `node warm-start.js [package ...]`. Runs nothing of a candidate's before it.
 *
 * Code that was compiled in advance, Node's own and that of the packages, is good only for a process with the same flags
 * as the one that compiled it. The heap's limit is such a flag, though by now it has done its work: it is taken back while
 * we boot. Whatever is started from the program (threads, children) finds it again.
 */
const heapLimits = process.execArgv.filter((flag) => flag.startsWith('--max-old-space-size='));

setFlagsFromString('--max-old-space-size=0');
const { waitForTurn } = await import('./warm-turn.js'); // from here on
void waitForTurn(process.argv.slice(2), () => heapLimits.forEach((flag) => void setFlagsFromString(flag)));
