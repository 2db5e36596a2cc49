/** One block of `text/event-stream`. */
export interface StreamedEvent {
  sequence: number;
  event: Record<string, unknown>;
}

export interface EventStream {
  contentType: string | null;
  /** The next event, as soon as it is there. Rejects when the stream ends first. */
  next(): Promise<StreamedEvent>;
  take(count: number): Promise<StreamedEvent[]>;
  /** Resolves when the server ends the stream; rejects when it breaks. */
  ended(): Promise<void>;
  /** Goes away, as a closed tab does. */
  leave(): void;
}

/** Opens a stream of server-sent events and reads it independently of our own client. */
export async function openEventStream(
  url: string,
  { cookie, lastEventId }: { cookie: string; lastEventId?: number },
): Promise<EventStream> {
  const gone = new AbortController();
  const headers: Record<string, string> = { cookie };
  if (lastEventId !== undefined) headers['last-event-id'] = String(lastEventId);
  const response = await fetch(url, { headers, signal: gone.signal });
  if (!response.ok || !response.body)
    throw new Error(`no stream: ${response.status} ${await response.text()}`);
  const events = readEvents(response.body);
  const next = async () => {
    const { value, done } = await events.next();
    if (done) throw new Error('the stream has ended');
    return value;
  };
  return {
    contentType: response.headers.get('content-type'),
    next,
    async take(count) {
      const taken: StreamedEvent[] = [];
      while (taken.length < count) taken.push(await next());
      return taken;
    },
    async ended() {
      const { value, done } = await events.next();
      if (!done) throw new Error(`the stream has not ended, it has sent ${JSON.stringify(value)}`);
    },
    leave: () => gone.abort(),
  };
}

async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamedEvent, void> {
  let text = '';
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const match = /^id: (\d+)\ndata: (.+)$/.exec(block);
      if (!match?.[2]) continue;
      yield { sequence: Number(match[1]), event: JSON.parse(match[2]) as Record<string, unknown> };
    }
  }
}
