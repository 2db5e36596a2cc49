import type { CheckSubject, CheckSurroundings } from './check-subject.js';
import { createHttpClient, type HttpClient } from './http-client.js';
import { createLoadTool, type LoadTool } from './load.js';
import type { Who } from './messages.js';
import { createInstances, type ServerInstances } from './server-instances.js';
import { createSidecarTools, type SidecarTools } from './sidecar-tools.js';

interface HttpTools extends SidecarTools {
  http: HttpClient;
  server: ServerInstances;
  load: LoadTool;
}

/** A server that is spoken to. */
export function createHttpSubject(surroundings: CheckSurroundings): CheckSubject<HttpTools> {
  const { ask, waitFor, port, command } = surroundings;
  const sidecars = createSidecarTools(surroundings);
  /** With sidecars and a client of their own: windows of a comparison share neither data nor what a client may receive. */
  const toolsFor = async (who: Who): Promise<HttpTools> => {
    const sidecarTools = await sidecars.renew();
    const http = createHttpClient(port, waitFor);
    return {
      http,
      server: createInstances(surroundings, who, http),
      load: createLoadTool(http),
      ...sidecarTools,
    };
  };
  return {
    async prepare() {
      const tools = await toolsFor('candidate');
      if (command.startedBy === 'harness') await tools.server.start();
      return tools;
    },
    async open(who, env) {
      const tools = await toolsFor(who);
      await tools.server.start({ env });
      return tools;
    },
    close: () => ask({ do: 'kill' }),
  };
}
