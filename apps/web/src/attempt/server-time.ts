/** Server time minus this page's monotonic time: the local clock may be wrong, or be moved meanwhile. */
let offsetMs = Date.now() - performance.now();

/** Takes over the `now` of an answer that has just come. */
export function syncServerTime(now: string): void {
  offsetMs = Date.parse(now) - performance.now();
}

/** What the server's clock shows now, in milliseconds since 1970. */
export const serverNow = (): number => performance.now() + offsetMs;
