/** Whatever a server sends, byte for byte, before any client cuts it to its contract. */
export interface RecordedAnswers {
  text(): string;
  stop(): void;
}

/** Records every answer of the server at `url`, streams included, as they come. */
export function recordAnswers(url: string): RecordedAnswers {
  const fetchUnrecorded = globalThis.fetch;
  let recorded = '';
  globalThis.fetch = async (...request) => {
    const response = await fetchUnrecorded(...request);
    if (!response.url.startsWith(url)) return response;
    recorded += `${JSON.stringify([...response.headers])}\n`;
    void keep(response.clone()).catch(() => undefined);
    return response;
  };
  const keep = async ({ body }: Response) => {
    for await (const chunk of (body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()))
      recorded += chunk;
  };
  return {
    text: () => recorded,
    stop: () => {
      globalThis.fetch = fetchUnrecorded;
    },
  };
}
