import type { Log } from './log.js';

/** Things that are used once, made in advance and in the background. */
export interface Reserve<T> {
  /** One that is ready, or is being made, or else is made now. Rejects as `make` does. Does not refill. */
  take(): Promise<T>;
  /** Begins to make what is missing, one after another. What fails is logged, and tried again at the next call. */
  refill(): void;
  /** Resolves once nothing is being made; nothing will be until the returned function has been called. */
  quiet(): Promise<() => void>;
  /** Discards what is ready or being made; nothing is made any more. */
  close(): Promise<void>;
}

export interface ReserveOptions<T> {
  size: number;
  make(): Promise<T>;
  /** False for what has been lost since it was made. */
  isUsable(thing: T): boolean;
  /** Never rejects. */
  discard(thing: T): Promise<unknown>;
  log: Log;
}

export function createReserve<T>({ size, make, isUsable, discard, log }: ReserveOptions<T>): Reserve<T> {
  const things: Promise<T>[] = [];
  let filling: Promise<void> | null = null;
  let quiets = 0;
  let isClosed = false;

  const isWanted = () => things.length < size && quiets === 0 && !isClosed;
  const fill = async (): Promise<void> => {
    while (isWanted()) {
      const thing = make();
      things.push(thing);
      try {
        await thing;
      } catch (error) {
        const at = things.indexOf(thing);
        if (at >= 0) void things.splice(at, 1);
        const why = error instanceof Error ? error.message : String(error);
        if (!isClosed) log(`nothing could be made ready in advance: ${why}`);
        break;
      }
    }
    filling = null;
  };
  const refill = (): void => {
    if (isWanted()) filling ??= fill();
  };

  return {
    async take() {
      for (let next = things.shift(); next; next = things.shift()) {
        const thing = await next.catch(() => null); // the log has it
        if (thing === null) continue;
        if (isUsable(thing)) return thing;
        await discard(thing);
      }
      return make();
    },
    refill,
    async quiet() {
      quiets += 1;
      await filling;
      return () => {
        quiets -= 1;
        refill();
      };
    },
    async close() {
      isClosed = true;
      await filling;
      await Promise.all(things.splice(0).map(async (thing) => discard(await thing)));
    },
  };
}
