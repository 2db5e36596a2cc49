import { setTimeout as delay } from 'node:timers/promises';
import type { HttpTools } from '../http-subject.js';
import { within } from '../within.js';
import { demand, demandPing, PATIENCE_MS } from './demand.js';
import type { Probe, SpecOf } from './probe.js';
import { RawConnection, rawHead } from './raw-connection.js';

const MIB = 1024 * 1024;
const UPLOADS = 6;
const CHUNK_BYTES = 16 * 1024;
/** How many times what is allowed is sent before an answer is waited for, and in all; of a small limit more. */
const OVER = 1.5;
const ALL = 10;
const ALL_AT_LEAST_BYTES = 30 * MIB;
/** For what is sent after the answer. */
const AFTERWARDS_MS = 5_000;
const END_MS = 1_000;
/** Of all that is sent: what is kept is all of it. What is thrown away may lie uncollected, but node collects it at some 40 MiB, however much comes. */
const USUAL_SHARE = 0.5;

/** Bodies that are larger than allowed and never end. */
export const huge: Probe<'huge'> = ({ compare, port }, spec) =>
  compare({
    env: spec.env,
    measure: (tools) => growth(tools, spec, port),
    limit: (reference) => reference + (USUAL_SHARE * UPLOADS * bytesOf(spec)) / MIB,
    unit: 'MiB',
    message: 'What comes of a body after it was refused must not be kept in memory.',
  });

/** Of one upload. */
const bytesOf = ({ limitBytes }: SpecOf<'huge'>): number => Math.max(ALL * limitBytes, ALL_AT_LEAST_BYTES);

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
    await Promise.race([delay(END_MS), Promise.all(uploads.map((upload) => upload.end()))]);
    for (const upload of uploads) upload.destroy();
  }
}

class Upload {
  private readonly connection: RawConnection;
  private sentBytes = 0;
  private isOver = false;

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
    return this.sendUpTo(bytesOf(this.spec));
  }

  /** Completes the body: that a server bears what breaks off is not asked here. */
  async end(): Promise<void> {
    this.isOver = true;
    await this.connection.write('0\r\n\r\n');
    await this.connection.status;
  }

  destroy(): void {
    this.connection.destroy();
  }

  private async sendUpTo(bytes: number): Promise<void> {
    const chunk = `${CHUNK_BYTES.toString(16)}\r\n${'x'.repeat(CHUNK_BYTES)}\r\n`;
    while (!this.isOver && this.sentBytes < bytes && (await this.connection.write(chunk)))
      this.sentBytes += CHUNK_BYTES;
  }
}
