import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { readServerSentEvents } from './server-sent-events.js';

const Said = z.object({ says: z.string() });

/** A response whose body arrives in these pieces. */
function responseOf(pieces: Uint8Array[]): Response {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
  return new Response(body);
}

async function read(pieces: (string | Uint8Array)[]) {
  const bytes = pieces.map((piece) => (typeof piece === 'string' ? new TextEncoder().encode(piece) : piece));
  const events = [];
  for await (const event of readServerSentEvents(responseOf(bytes), Said)) events.push(event);
  return events;
}

const block = (sequence: number, says: string) => `id: ${sequence}\ndata: ${JSON.stringify({ says })}\n\n`;

describe('reading server-sent events', () => {
  it('gives each event with its sequence, and passes over comments', async () => {
    expect(await read([': connected\n\n', block(1, 'one'), ': still here\n\n', block(2, 'two: 2')])).toEqual([
      { sequence: 1, event: { says: 'one' } },
      { sequence: 2, event: { says: 'two: 2' } },
    ]);
  });

  it('gives the same wherever the network cuts the bytes, even within a letter', async () => {
    const says = 'zwei ✓ 🎉\nand a line\n\nand a block';
    const bytes = new TextEncoder().encode(block(1, says) + block(2, 'two'));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 20 }), async (cuts) => {
        const ends = [...new Set([...cuts, bytes.length])].sort((a, b) => a - b);
        const pieces = ends.map((end, i) => bytes.slice(ends[i - 1] ?? 0, end));
        expect(await read(pieces)).toEqual([
          { sequence: 1, event: { says } },
          { sequence: 2, event: { says: 'two' } },
        ]);
      }),
    );
  });

  it('leaves out a last event that was cut off', async () => {
    expect(await read([block(1, 'one'), 'id: 2\ndata: {"says":"tw'])).toHaveLength(1);
  });

  it('cuts an event to its schema and refuses one that does not match', async () => {
    expect(await read(['id: 1\ndata: {"says":"x","more":1}\n\n'])).toEqual([
      { sequence: 1, event: { says: 'x' } },
    ]);
    await expect(read(['id: 1\ndata: {"says":1}\n\n'])).rejects.toThrow();
  });

  it('gives an event before the next one has come', async () => {
    let feed: ReadableStreamDefaultController<Uint8Array> | undefined;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        feed = controller;
      },
    });
    const events = readServerSentEvents(new Response(body), Said);
    for (const says of ['one', 'two']) {
      feed?.enqueue(new TextEncoder().encode(block(7, says)));
      expect((await events.next()).value).toEqual({ sequence: 7, event: { says } });
    }
    feed?.close();
    expect((await events.next()).done).toBe(true);
  });
});
