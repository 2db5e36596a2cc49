import { HttpError } from './http-error.js';

/**
 * Finds what answers a request. `routes` have a pattern (`/notes/:id`) and a handler for each method; a handler for GET
 * answers HEAD, too. Returns the handler and the decoded parameters, or throws the HttpError to answer with.
 */
export function findRoute(routes, method, target) {
  const path = URL.canParse(target, 'http://localhost')
    ? new URL(target, 'http://localhost').pathname
    : '/';
  for (const { pattern, methods } of routes) {
    const params = matchPath(pattern, path);
    if (!params) continue;
    const handler = methods[method === 'HEAD' ? 'GET' : method];
    if (!handler) throw new HttpError(405, 'Method not allowed', { allow: allowed(methods) });
    return { handler, params };
  }
  throw new HttpError(404, 'There is nothing under this path');
}

/** Splits before it decodes: an encoded slash belongs to its segment. */
function matchPath(pattern, path) {
  const names = pattern.split('/');
  const segments = path.split('/');
  const matches = (name, index) => (name.startsWith(':') ? segments[index] !== '' : segments[index] === name);
  if (segments.length !== names.length || !names.every(matches)) return undefined;

  const params = {};
  for (const [index, name] of names.entries()) {
    if (name.startsWith(':')) params[name.slice(1)] = decode(segments[index]);
  }
  return params;
}

function decode(segment) {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new HttpError(400, 'The path cannot be percent-decoded');
  }
}

const allowed = (methods) =>
  Object.keys(methods)
    .flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
    .join(', ');
