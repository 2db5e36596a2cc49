import { availableParallelism } from 'node:os';
import { createReserve, type Reserve, type SandboxEngine } from '@assay/sandbox';
import { ReadyPod } from './ready-pod.js';
import { isSameShape, type ServerShape, USUAL_SHAPE } from './server-container.js';

/** Where gradings run: so many at once, each with cores of its own and a pod that was made ready in advance. */
export interface GradingSlots {
  /** Begins to make every slot's pod ready; the engine must have proved itself. */
  prepare(): void;
  /** A slot that is free, or the next that will be. Give it back with `leave`. */
  enter(): Promise<GradingSlot>;
  leave(slot: GradingSlot): void;
  /** Ends what is ready. What is in use is its grading's to end. */
  close(): Promise<void>;
}

/** One grading at a time. */
export interface GradingSlot {
  /** A pod for servers of this shape: the one that is ready, or one that is made now. Rejects when there is none. */
  take(shape: ServerShape): Promise<ReadyPod>;
  /** Begins to make the next pod ready, in the shape of the last: most gradings resemble the one before. */
  refill(): void;
  /** Resolves once none is being made; none will be until the returned function has been called. */
  quiet(): Promise<() => void>;
}

class PinnedSlot implements GradingSlot {
  private shape = USUAL_SHAPE;
  private readonly ready: Reserve<ReadyPod>;

  constructor(engine: SandboxEngine, cores: readonly number[] | undefined, log: (line: string) => void) {
    this.ready = createReserve({
      size: 1,
      make: () => ReadyPod.openWarm(engine, this.shape, cores),
      isUsable: (pod) => pod.isUsable() && isSameShape(pod.shape, this.shape),
      discard: (pod) => pod.close(),
      log,
    });
  }

  take(shape: ServerShape): Promise<ReadyPod> {
    this.shape = shape;
    return this.ready.take();
  }

  refill(): void {
    this.ready.refill();
  }

  quiet(): Promise<() => void> {
    return this.ready.quiet();
  }

  close(): Promise<void> {
    return this.ready.close();
  }
}

/** The cores of each slot: equal shares, side by side; none of its own where there are more slots than cores, or one slot. */
export function shareCores(cores: number, slots: number): (readonly number[] | undefined)[] {
  const first = (slot: number) => Math.floor((slot * cores) / slots);
  return Array.from({ length: slots }, (_, slot) =>
    slots === 1 || slots > cores
      ? undefined
      : Array.from({ length: first(slot + 1) - first(slot) }, (_unused, core) => first(slot) + core),
  );
}

/** Slots on an engine, which lives longer than they do. */
export function createSlots(
  engine: SandboxEngine,
  count: number,
  log: (line: string) => void = () => undefined,
): GradingSlots {
  const slots = shareCores(availableParallelism(), count).map((cores) => new PinnedSlot(engine, cores, log));
  const free: GradingSlot[] = [...slots];
  const waiting: ((slot: GradingSlot) => void)[] = [];
  return {
    prepare: () => slots.forEach((slot) => void slot.refill()),
    async enter() {
      const slot = free.shift();
      return slot ?? new Promise((resolve) => waiting.push(resolve));
    },
    leave(slot) {
      slot.refill();
      const next = waiting.shift();
      if (next) next(slot);
      else free.push(slot);
    },
    async close() {
      await Promise.all(slots.map((slot) => slot.close()));
    },
  };
}
