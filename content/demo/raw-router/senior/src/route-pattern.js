/**
 * Compiles `/notes/:id` to a function from a raw path to its parameters, still encoded, or null. Matching happens on
 * the raw path because `%2F` is part of a segment, while `/` ends one.
 */
export function compile(pattern) {
  const source = pattern.replace(/:(\w+)/g, '(?<$1>[^/]+)');
  const regExp = new RegExp(`^${source}$`);
  return (path) => regExp.exec(path)?.groups ?? null;
}

/** The same parameters, decoded. Throws URIError when one is not percent-encoded UTF-8. */
export const decoded = (params) =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, decodeURIComponent(value)]));
