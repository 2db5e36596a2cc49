/** Whatever a server sends, before any client cuts it to its contract. */
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
    if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
      recorded += await response.clone().text();
      return response;
    }
    const decoder = new TextDecoder();
    const recorder = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        recorded += decoder.decode(chunk, { stream: true });
        controller.enqueue(chunk);
      },
    });
    return new Response(response.body?.pipeThrough(recorder), response);
  };
  return {
    text: () => recorded,
    stop: () => {
      globalThis.fetch = fetchUnrecorded;
    },
  };
}
