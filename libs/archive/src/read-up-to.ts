/** All that comes from a stream, or null as soon as it is more than `maxBytes`; the stream is then left. */
export async function readUpTo(stream: AsyncIterable<unknown>, maxBytes: number): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    const piece = chunk as Buffer; // both libraries' streams give buffers, and do not say so
    bytes += piece.length;
    if (bytes > maxBytes) return null;
    chunks.push(piece);
  }
  return Buffer.concat(chunks);
}
