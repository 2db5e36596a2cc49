import type { EndpointDefinition } from '@assay/contracts/http';

/** A route that is a page or a file for people, not an endpoint. */
export type PageRoute = `GET ${string}`;

/** Throws unless the routes that an API serves are exactly its registry and its pages. */
export function assertRoutesMatchRegistry(
  served: readonly string[],
  registry: Record<string, EndpointDefinition>,
  pages: readonly PageRoute[],
): void {
  const wanted = new Set<string>([
    ...Object.values(registry).map(({ method, path }) => `${method} ${path}`),
    ...pages,
  ]);
  // Fastify adds a HEAD to each GET.
  const actual = new Set(served.filter((route) => !route.startsWith('HEAD ')));
  const missing = [...wanted].filter((route) => !actual.has(route));
  const unknown = [...actual].filter((route) => !wanted.has(route));
  if (missing.length + unknown.length === 0) return;
  throw new Error(
    [
      ...missing.map((route) => `the registry has ${route}, but no handler serves it`),
      ...unknown.map((route) => `${route} is served, but stands in no registry`),
    ].join('\n'),
  );
}
