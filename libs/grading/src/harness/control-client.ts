import http from 'node:http';
import { CheckEnd } from './check-end.js';
import type { SidecarName } from './sidecar-access.js';

const ANSWER_WITHIN_MS = 10_000;

export interface ControlPoint {
  name: SidecarName;
  port: number;
  secret: string;
}

/**
 * Asks a sidecar for what only checks may ask. Rejects with an `Error` when the check asked for what cannot be, with a
 * `CheckEnd` when the candidate made it impossible, or when the sidecar does not answer: then nothing may be concluded.
 */
export async function callControl(
  point: ControlPoint,
  operation: string,
  argument: object,
): Promise<unknown> {
  const { status, text } = await post(point, operation, JSON.stringify(argument)).catch((error: unknown) => {
    throw new CheckEnd('void', `the sidecar ${point.name} does not answer: ${String(error)}`);
  });
  if (status === 409) throw new CheckEnd('failed', text);
  if (status !== 200) throw new Error(`${point.name}.${operation}: ${text}`);
  return JSON.parse(text);
}

function post(
  { port, secret }: ControlPoint,
  operation: string,
  body: string,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const request = http.request({
      host: '127.0.0.1',
      port,
      method: 'POST',
      path: `/${operation}`,
      headers: { authorization: `Bearer ${secret}`, connection: 'close' },
      agent: false,
      timeout: ANSWER_WITHIN_MS,
    });
    request.once('timeout', () => request.destroy(new Error('it took too long')));
    request.once('error', reject);
    request.once('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
      });
      response.once('error', reject);
      response.once('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    request.end(body);
  });
}
