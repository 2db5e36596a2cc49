import type { CheckSubject, CheckSurroundings } from './check-subject.js';
import type { ProcessEnd, Who } from './messages.js';
import { connectModule, type ModuleClient } from './remote-module.js';
import { createServerTool, didNotComeUp, type ServerTool } from './server-tool.js';
import { within } from './within.js';

interface ModuleTools {
  module: ModuleClient & Pick<ServerTool, 'exit'>;
}

/** A module whose exports are called, in a process of its own. */
export function createModuleSubject(surroundings: CheckSurroundings): CheckSubject<ModuleTools> {
  const { ask, waitFor, fail, port, command } = surroundings;
  let client: ModuleClient | null = null;

  const open = async (who: Who, env: Record<string, string>): Promise<ModuleTools> => {
    const process = createServerTool(surroundings, who, port);
    await process.start({ env });
    let isEndExpected = false;
    const connecting = connectModule(port, {
      onPending: ([oldest = null]) => waitFor(oldest),
      // A check that waits for its own callback would wait for ever.
      onProblem: (problem) => {
        if (!isEndExpected) fail(problem);
      },
    });
    const connected = await withinStart(connecting, command.startTimeoutMs);
    client = connected;
    const exit = ({ withinMs }: { withinMs: number }): Promise<ProcessEnd | null> => {
      isEndExpected = true;
      return process.exit({ withinMs });
    };
    return { module: { ...connected, exit } };
  };

  return {
    open,
    prepare: () => open('candidate', {}),
    close() {
      client?.close();
      client = null;
      return ask({ do: 'kill' });
    },
  };

  /** The process may accept a connection and say nothing. */
  async function withinStart(connecting: Promise<ModuleClient>, limitMs: number): Promise<ModuleClient> {
    const connected = await within(limitMs, connecting);
    if (connected === null) throw didNotComeUp(command.mode, port, limitMs);
    return connected;
  }
}
