import { openCommandLine } from './grading-environment.js';
import { runTask } from './task-command.js';

/** `npm run task -- verify <task id or folder…> [--engine E] [--runs N]`: the gate that a task passes before it is published. */
process.exitCode = await runTask(process.argv.slice(2), openCommandLine());
