import { z } from 'zod';

const Method = z.string().regex(/^[A-Z]{3,10}$/, 'must be a method in capitals, such as POST');
const Path = z
  .string()
  .max(500)
  .regex(/^\/[!-~]*$/, 'must begin with / and hold printable ASCII only');
/** The recursion of z.json() answers a mistake with the complaints of every branch; authors get one sentence. */
const Json = z.custom<z.core.util.JSONType>(
  (value) => z.json().safeParse(value).success,
  'must be plain JSON',
);

const Described = z
  .strictObject({
    method: Method.default('GET'),
    path: Path,
    headers: z
      .record(z.string().regex(/^[\w-]{1,60}$/, 'must be a header name'), z.string().max(500))
      .optional(),
    json: Json.optional(),
    body: z.string().max(16_384).optional(),
  })
  .refine(({ json, body }) => json === undefined || body === undefined, 'may have json or body, not both');

/** A request that a probe sends: `/ping`, `GET /ping`, or its parts. */
export const ProbedRequest = z.preprocess((value) => {
  if (typeof value !== 'string') return value;
  const [, method, path] = /^(?:([A-Z]+) )?(.*)$/s.exec(value) ?? [];
  return { method, path };
}, Described);
export type ProbedRequest = z.infer<typeof Described>;

/** Whether a part of the request that reaches the server as it is written has the placeholder. */
export function hasPlaceholder({ path, json, body }: ProbedRequest, placeholder: string): boolean {
  return [path, JSON.stringify(json) ?? '', body ?? ''].some((text) => text.includes(placeholder));
}
