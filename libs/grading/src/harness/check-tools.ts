import type { AskWorker } from './ask-worker.js';
import { createCompare } from './compare.js';
import { createHttpClient } from './http-client.js';
import { createLoadTool } from './load.js';
import type { RunCommand, ThreadMessage, Who } from './messages.js';
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

export function createCheckTools(surroundings: CheckSurroundings): CheckTools {
  const { command, ask, send, port, solutionFolder } = surroundings;
  const { mode, startTimeoutMs, timeoutMs, seed, name } = command;
  const serverOf = (who: Who) =>
    createServerTool({ ask, port, mode, startTimeoutMs, onCameUp: () => send({ type: 'came-up' }) }, who);
  /** Tools for a server, with a client of their own, so that windows do not share what a client may receive. */
  const httpTools = (who: Who) => {
    const http = createHttpClient(port, (request) => send({ type: 'waiting-for', request }));
    return { http, server: serverOf(who), load: createLoadTool(http) };
  };

  return {
    prepare: async () => {
      if (command.startedBy === 'harness') await serverOf('candidate').start();
    },
    begin: () => {
      const endMs = performance.now() + timeoutMs;
      const compare = createCompare({
        async open(who, env) {
          const tools = httpTools(who);
          await tools.server.start({ env });
          return tools;
        },
        close: () => ask({ do: 'kill' }),
        timeLeftMs: () => endMs - performance.now(),
      });
      const random = seededRandom(seed, name);
      return { ...httpTools('candidate'), compare, random, solution: solutionFiles(solutionFolder) };
    },
  };
}
