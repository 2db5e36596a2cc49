import type { ProbedRequest } from '@assay/tasks';

/** The request with a value in the place of `{name}`: percent-encoded in its path, escaped in JSON, as it is in a body. */
export function filledIn(
  { path, json, body, ...request }: ProbedRequest,
  name: string,
  value: string,
): ProbedRequest {
  const placeholder = `{${name}}`;
  const escaped = JSON.stringify(value).slice(1, -1);
  return {
    ...request,
    path: path.replaceAll(placeholder, encodeURIComponent(value)),
    ...(json !== undefined && {
      json: JSON.parse(JSON.stringify(json).replaceAll(placeholder, () => escaped)),
    }),
    ...(body !== undefined && { body: body.replaceAll(placeholder, () => value) }),
  };
}
