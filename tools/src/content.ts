import { runContent } from './content-command.js';
import { CONTENT } from './publish-tasks.js';

/** `npm run content -- verify`: checks the written content and names every problem with its file and line. */
process.exitCode = await runContent(process.argv.slice(2), {
  contentFolder: CONTENT,
  stdout: process.stdout,
  stderr: process.stderr,
});
