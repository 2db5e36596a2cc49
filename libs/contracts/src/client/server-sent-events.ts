import type { z } from 'zod';

/** Reads `text/event-stream`: `id` is the sequence, `data` a JSON event. Ends when the server closes the stream. */
export async function* readServerSentEvents<S extends z.ZodType>(
  response: Response,
  schema: S,
): AsyncGenerator<{ sequence: number; event: z.output<S> }> {
  if (!response.body) return;
  const decoder = new TextDecoder();
  let buffer = '';
  // Not every browser lets a body be iterated.
  const reader = response.body.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    buffer += decoder.decode(read.value, { stream: true });
    let end = buffer.indexOf('\n\n');
    while (end >= 0) {
      const block = buffer.slice(0, end);
      buffer = buffer.slice(end + 2);
      const fields = new Map(
        block.split('\n').map((line) => {
          const colon = line.indexOf(':');
          return [line.slice(0, colon), line.slice(colon + 1).trimStart()] as const;
        }),
      );
      const data = fields.get('data');
      if (data !== undefined)
        yield { sequence: Number(fields.get('id')), event: schema.parse(JSON.parse(data)) };
      end = buffer.indexOf('\n\n');
    }
  }
}
