/** An application of Nest on Fastify, as far as its routes are concerned. */
interface Routed {
  getHttpAdapter(): { getInstance(): { printRoutes(options: { commonPrefix: boolean }): string } };
}

const INDENT = 4;

/** Every route that a running API really serves, as `GET /v1/roles/:roleId`; HEAD goes with GET. */
export function servedRoutes(app: Routed): string[] {
  const routes: string[] = [];
  const above: string[] = [];
  for (const line of app.getHttpAdapter().getInstance().printRoutes({ commonPrefix: false }).split('\n')) {
    const match = /^([│├└─ ]+)(\S+) \((.+)\)$/.exec(line);
    if (!match) continue;
    const [, indent = '', part = '', methods = ''] = match;
    above.splice(indent.length / INDENT - 1, Number.POSITIVE_INFINITY, part);
    const path = above.join('').replace('//', '/');
    for (const method of methods.split(', ')) if (method !== 'HEAD') routes.push(`${method} ${path}`);
  }
  return routes.sort();
}
