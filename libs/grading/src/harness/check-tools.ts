import type { AskWorker } from './ask-worker.js';
import { createHttpClient } from './http-client.js';
import type { RunCommand, ThreadMessage } from './messages.js';
import { seededRandom } from './seeded-random.js';
import { createServerTool } from './server-tool.js';
import { solutionFiles } from './solution-files.js';

export interface CheckSurroundings {
  command: RunCommand;
  ask: AskWorker;
  send(message: ThreadMessage): void;
  port: number;
  solutionFolder: string;
}

export interface CheckTools {
  /** What comes before the check: unless it starts servers itself, one that listens. */
  prepare(): Promise<void>;
  /** The tools that the check is called with; its time runs from here. */
  begin(): object;
}

export function createCheckTools({
  command,
  ask,
  send,
  port,
  solutionFolder,
}: CheckSurroundings): CheckTools {
  const { mode, startTimeoutMs, seed, name } = command;
  const onCameUp = () => send({ type: 'came-up' });
  const server = createServerTool({ ask, port, mode, startTimeoutMs, onCameUp }, 'candidate');
  const http = createHttpClient(port, (request) => send({ type: 'waiting-for', request }));
  return {
    prepare: async () => {
      if (command.startedBy === 'harness') await server.start();
    },
    begin: () => ({
      http,
      server,
      random: seededRandom(seed, name),
      solution: solutionFiles(solutionFolder),
    }),
  };
}
