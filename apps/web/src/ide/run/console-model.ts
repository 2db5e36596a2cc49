import { type ConsoleReply, ConsoleRequest } from '@assay/contracts/http';

/** A request as it is written: headers one a line, `name: value`. */
export interface Draft {
  method: ConsoleRequest['method'];
  target: string;
  headers: string;
  body: string;
}

export const METHODS = ConsoleRequest.shape.method.options;
export const EMPTY_DRAFT: Draft = { method: 'GET', target: '/', headers: '', body: '' };
const MAX_KEPT = 30;
const JSON_TYPE = /^application\/([\w.+-]+\+)?json\b/i;

/** What is sent, or why it cannot be, in a sentence. A body that is JSON says so unless its headers say something. */
export function toRequest({
  method,
  target,
  headers,
  body,
}: Draft): { request: ConsoleRequest } | { wrong: string } {
  const list: { name: string; value: string }[] = [];
  for (const line of headers.split('\n').filter((one) => one.trim() !== '')) {
    const colon = line.indexOf(':');
    if (colon <= 0) return { wrong: `“${line.trim()}” is no header: write it as name: value.` };
    list.push({ name: line.slice(0, colon).trim(), value: line.slice(colon + 1).trim() });
  }
  const hasType = list.some(({ name }) => name.toLowerCase() === 'content-type');
  if (body !== '' && !hasType && isJson(body)) list.push({ name: 'content-type', value: 'application/json' });
  const parsed = ConsoleRequest.safeParse({ method, target: target.trim(), headers: list, body });
  if (parsed.success) return { request: parsed.data };
  const [issue] = parsed.error.issues;
  return {
    wrong: `${NAMES[String(issue?.path[0])] ?? 'The request'} ${issue?.message ?? 'cannot be sent'}.`,
  };
}

const NAMES: Record<string, string> = { target: 'The path', headers: 'A header', body: 'The body' };

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A body as it reads best: JSON is set in lines, bytes are counted. */
export function readableBody(reply: Extract<ConsoleReply, { outcome: 'answered' }>): string {
  if (reply.bodyEncoding === 'base64')
    return `(${Math.floor((reply.body.length * 3) / 4)} bytes that are no text)`;
  const type = reply.headers.find(({ name }) => name.toLowerCase() === 'content-type')?.value ?? '';
  if (!JSON_TYPE.test(type) || reply.isCut) return reply.body;
  try {
    return JSON.stringify(JSON.parse(reply.body), null, 2);
  } catch {
    return reply.body;
  }
}

/** Newest first, none twice, and no more than fit on a screen or two. */
export const keep = (drafts: readonly Draft[], draft: Draft): Draft[] =>
  [draft, ...drafts.filter((one) => !isSame(one, draft))].slice(0, MAX_KEPT);

export const isSame = (a: Draft, b: Draft) =>
  a.method === b.method && a.target === b.target && a.headers === b.headers && a.body === b.body;
