import type {
  AppControllerRoute,
  AppViewRoute,
  BullBoardQueues,
  IServerAdapter,
  UIConfig,
} from '@bull-board/api/typings/app';

type ReadHandler = (
  request: NonNullable<Parameters<AppControllerRoute['handler']>[0]>,
) => Promise<{ status?: number | undefined; body: unknown }>;

/** What bull-board gives to whoever serves it. */
interface BoardParts {
  queues: BullBoardQueues;
  uiConfig: UIConfig;
  /** Gives the values for its page. */
  entry: AppViewRoute['handler'];
  /** The handler of a route that reads. Throws when bull-board has no such route, as after an upgrade. */
  read(path: string): ReadHandler;
}

/**
 * Takes bull-board's parts without serving them: its own adapter for Fastify would serve all of them, those that
 * change or delete jobs included, and brings packages that Jest cannot load on Node 20.
 */
export function collectBoard(): { adapter: IServerAdapter; parts: BoardParts } {
  let routes: AppControllerRoute[] = [];
  const parts: BoardParts = {
    queues: new Map(),
    uiConfig: {},
    entry: () => {
      throw new Error('bull-board has no entry');
    },
    read(path) {
      const found = routes.find(({ method, route }) => method === 'get' && route === path);
      if (!found) throw new Error(`bull-board has no route GET ${path}`);
      return async (request) => found.handler(request);
    },
  };
  const adapter: IServerAdapter = {
    setQueues: (queues) => {
      parts.queues = queues;
      return adapter;
    },
    setUIConfig: (config) => {
      parts.uiConfig = config;
      return adapter;
    },
    setEntryRoute: ({ handler }) => {
      parts.entry = handler;
      return adapter;
    },
    setApiRoutes: (all) => {
      routes = all;
      return adapter;
    },
    // Files, page and errors are served by us.
    setViewsPath: () => adapter,
    setStaticPath: () => adapter,
    setErrorHandler: () => adapter,
  };
  return { adapter, parts };
}
