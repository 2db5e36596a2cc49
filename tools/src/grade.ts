import { runGrade } from './grade-command.js';
import { openCommandLine } from './grading-environment.js';

/** `npm run grade -- <task id or folder> <solution folder, .zip or .tgz> [--engine E] [--json]`: needs neither database nor Redis. */
process.exitCode = await runGrade(process.argv.slice(2), openCommandLine());
