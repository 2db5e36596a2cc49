import type { CheckSurroundings } from './check-subject.js';
import { createHttpClient, type HttpClient } from './http-client.js';
import type { Who } from './messages.js';
import { createServerTool, type ServerTool } from './server-tool.js';
import { serverPort } from './sidecar-access.js';

/** One of the processes that run a solution. */
export interface ServerInstance extends ServerTool {
  /** Speaks with this one, past the balancer. */
  http: HttpClient;
}

/** What a check gets as `server`. With several instances it starts, restarts and kills all; whatever else is asked of one of them. */
export interface ServerInstances extends ServerTool {
  /** All of them, in the order of their ports. */
  instances: readonly ServerInstance[];
}

/** `http` speaks with the port that the task knows, which is the balancer's where there are several. */
export function createInstances(
  surroundings: CheckSurroundings,
  who: Who,
  http: HttpClient,
): ServerInstances {
  const { ask, waitFor, port, command } = surroundings;
  if (command.instances === 1) {
    const only = createServerTool(surroundings, who, port);
    return { ...only, instances: [{ ...only, http }] };
  }
  const instances = Array.from({ length: command.instances }, (_, index): ServerInstance => {
    const own = serverPort(command.instances, index + 1);
    return {
      ...createServerTool(surroundings, who, own, index + 1),
      http: createHttpClient(own, waitFor),
    };
  });
  const start: ServerTool['start'] = async (options) => {
    await Promise.all(instances.map((instance) => instance.start(options)));
  };
  const kill = async () => void (await ask({ do: 'kill' }));
  const ofOne = async () => {
    throw new Error('there are several servers: say which, as in server.instances[0].signal()');
  };
  return {
    instances,
    start,
    kill,
    async restart(options) {
      await kill();
      await start(options);
    },
    signal: ofOne,
    exit: ofOne,
    usage: ofOne,
    output: ofOne,
  };
}
