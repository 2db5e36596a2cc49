import { setTimeout as delay } from 'node:timers/promises';
import type { HttpTools } from '../http-subject.js';
import { within } from '../within.js';
import { demand, demandPing, PATIENCE_MS } from './demand.js';
import type { Probe, SpecOf } from './probe.js';
import { RawConnection, rawHead } from './raw-connection.js';

const MIB = 1024 * 1024;
const UPLOADS = 4;
const CHUNK_BYTES = 16 * 1024;
/** How much more than is allowed is sent before an answer is waited for, and in all. */
const OVER = 1.5;
const ALL = 10;
/** For what is sent after the answer. */
const AFTERWARDS_MS = 3_000;
/** What sending and throwing away may leave in a heap, more than it leaves in the reference's. */
const USUAL_GROWTH_MIB = 16;

/** Bodies that are larger than allowed and never end. */
export const huge: Probe<'huge'> = ({ compare, port }, spec) =>
  compare({
    env: spec.env,
    measure: (tools) => growth(tools, spec, port),
    limit: (reference) => reference + USUAL_GROWTH_MIB,
    unit: 'MiB',
    message: 'What comes of a body after it was refused must not be kept in memory.',
  });

async function growth({ http, server }: HttpTools, spec: SpecOf<'huge'>, port: number): Promise<number> {
  await demandPing(http, spec.ping, 'when nothing else is asked');
  const before = await server.usage();
  const uploads = Array.from({ length: UPLOADS }, () => new Upload(port, spec));
  try {
    await Promise.all(uploads.map((upload) => upload.untilRefused()));
    await Promise.race([delay(AFTERWARDS_MS), Promise.all(uploads.map((upload) => upload.sendTheRest()))]);
    await demandPing(http, spec.ping, 'while bodies that are too large are sent');
    const after = await server.usage();
    return Math.max(0, after.rssAnonBytes - before.rssAnonBytes) / MIB;
  } finally {
    for (const upload of uploads) upload.destroy();
  }
}

class Upload {
  private readonly connection: RawConnection;
  private sentBytes = 0;

  constructor(
    port: number,
    private readonly spec: SpecOf<'huge'>,
  ) {
    this.connection = new RawConnection(port);
  }

  /** Fails the check unless the body is refused before it is complete. */
  async untilRefused(): Promise<void> {
    const { request, limitBytes } = this.spec;
    const headers = {
      'content-type': 'application/json',
      ...request.headers,
      'transfer-encoding': 'chunked',
    };
    const sending = this.connection
      .write(`${rawHead({ ...request, headers })}\r\n6\r\n{"a":"\r\n`)
      .then(() => this.sendUpTo(OVER * limitBytes));
    sending.catch(() => {});
    const settled = this.connection.status.then((status) => ({ status }));
    const refusal = await within(PATIENCE_MS, settled);
    demand(
      refusal !== null,
      'A body that is larger than allowed must be refused before all of it has come: with 413, or by closing the connection.',
    );
    const { status } = refusal;
    demand(
      status === null || status === 413,
      'A body that is larger than allowed must be answered with 413.',
      {
        expected: '413',
        actual: String(status),
      },
    );
  }

  sendTheRest(): Promise<void> {
    return this.sendUpTo(ALL * this.spec.limitBytes);
  }

  destroy(): void {
    this.connection.destroy();
  }

  private async sendUpTo(bytes: number): Promise<void> {
    const chunk = `${CHUNK_BYTES.toString(16)}\r\n${'x'.repeat(CHUNK_BYTES)}\r\n`;
    while (this.sentBytes < bytes && (await this.connection.write(chunk))) this.sentBytes += CHUNK_BYTES;
  }
}
