import type { CheckSubject, CheckSurroundings } from './check-subject.js';
import { createHttpClient, type HttpClient } from './http-client.js';
import { createLoadTool, type LoadTool } from './load.js';
import type { Who } from './messages.js';
import { createServerTool, type ServerTool } from './server-tool.js';

export interface HttpTools {
  http: HttpClient;
  server: ServerTool;
  load: LoadTool;
}

/** A server that is spoken to. */
export function createHttpSubject(surroundings: CheckSurroundings): CheckSubject<HttpTools> {
  const { ask, waitFor, port, command } = surroundings;
  /** With a client of their own, so that the windows of a comparison do not share what a client may receive. */
  const toolsFor = (who: Who): HttpTools => {
    const http = createHttpClient(port, waitFor);
    return { http, server: createServerTool(surroundings, who), load: createLoadTool(http) };
  };
  return {
    async prepare() {
      const tools = toolsFor('candidate');
      if (command.startedBy === 'harness') await tools.server.start();
      return tools;
    },
    async open(who, env) {
      const tools = toolsFor(who);
      await tools.server.start({ env });
      return tools;
    },
    close: () => ask({ do: 'kill' }),
  };
}
