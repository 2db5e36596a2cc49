import { types } from 'node:util';
import { decodeError, encodeError, isError } from './remote-errors.js';
import { moduleProblem, REMOTE_CAPS } from './remote-problem.js';
import { decodeBigint, decodeDate, decodeNumber, encodeNumber } from './remote-scalars.js';
import { asId, asText, type Wire } from './remote-wire.js';

const MAX_DEPTH = 100;
/** Of one value that is sent, its parts counted. */
const MAX_PARTS = 100_000;

/** An argument that is made in the module's process by evaluating its source there. */
export class LocalSource {
  constructor(readonly source: string) {}
}

/** How stand-ins reach what they stand for, on the other side. */
export interface OtherSide {
  call(id: number, args: unknown[]): Promise<unknown>;
  iterate(id: number): AsyncIterator<unknown>;
  aborted(id: number, reason: unknown): void;
}

const isAsyncIterable = (value: object): value is AsyncIterable<unknown> =>
  typeof (value as Partial<AsyncIterable<unknown>>)[Symbol.asyncIterator] === 'function'; // any object may have it

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * Values ↔ what travels. Plain data is copied. Everything else is known by a number to both sides, so that what comes
 * back is the very same thing: what this side owns (`given`) and its stand-ins for what the other side owns (`received`).
 * Decoding trusts nothing and throws `ModuleProblem`.
 */
export class ValueCodec {
  private nextId = 1;
  private readonly given = new Map<number, unknown>();
  private readonly givenIds = new Map<unknown, number>();
  private readonly received = new Map<number, unknown>();
  private readonly receivedIds = new Map<unknown, number>();
  private readonly controllers = new Map<number, AbortController>();
  private decodedValues = 0;
  private encodedParts = 0;

  /** `evaluate` makes the values of `LocalSource`s. Null on the side that runs no code of the other and bounds what it takes. */
  constructor(
    private readonly otherSide: OtherSide,
    private readonly evaluate: ((source: string) => unknown) | null,
  ) {}

  /** Throws `RangeError` when the value is too large or too deep to be sent. */
  encode(value: unknown): Wire {
    this.encodedParts = 0;
    return this.encodePart(value, 0);
  }

  /** Like `encode`, for what was thrown or is the reason of an abort: also plain objects stay the very same. */
  encodeThrown(value: unknown): Wire {
    this.encodedParts = 0;
    return this.encodeThrownPart(value, 0);
  }

  decode(wire: unknown): unknown {
    return this.decodePart(wire, 0);
  }

  /** What this side gave under that number, when it is a function. */
  givenFunction(id: number): (...args: unknown[]) => unknown {
    const value = this.given.get(id);
    if (typeof value !== 'function') throw moduleProblem.unreadable('a call of no function of the check');
    return value as (...args: unknown[]) => unknown; // a function takes whatever it is called with
  }

  /** What this side gave under that number, when it is an async iterable. */
  givenIterable(id: number): AsyncIterable<unknown> {
    const value = this.given.get(id);
    if (typeof value !== 'object' || value === null || !isAsyncIterable(value)) {
      throw moduleProblem.unreadable('a call of no iterable of the check');
    }
    return value;
  }

  /** The number under which this side gave the value. */
  givenId(value: unknown): number | undefined {
    return this.givenIds.get(value);
  }

  /** Aborts this side's stand-in of the other side's signal. */
  abort(id: number, reason: unknown): void {
    this.controllerOf(id).abort(reason);
  }

  /** This side's stand-in of the other side's signal. */
  signalOf(id: number): AbortSignal {
    return this.controllerOf(id).signal;
  }

  private controllerOf(id: number): AbortController {
    const controller = this.controllers.get(id);
    if (controller === undefined) throw moduleProblem.unreadable('news of no signal of your module');
    return controller;
  }

  private encodePart(value: unknown, depth: number): Wire {
    this.encodedParts += 1;
    if (depth > MAX_DEPTH || this.encodedParts > MAX_PARTS) {
      throw new RangeError(
        'A value is too large, or nested too deeply, to pass between a module and its check',
      );
    }
    switch (typeof value) {
      case 'undefined':
        return ['undefined'];
      case 'boolean':
      case 'string':
        return value;
      case 'number':
        return encodeNumber(value);
      case 'bigint':
        return ['bigint', value.toString(16)];
      case 'symbol':
        return this.back(value) ?? ['opaque', this.give(value)];
      case 'object':
        return value === null ? null : (this.back(value) ?? this.encodeObject(value, depth));
      case 'function':
        return this.back(value) ?? ['function', this.give(value)];
    }
  }

  private encodeObject(value: object, depth: number): Wire {
    const part = (inner: unknown) => this.encodePart(inner, depth + 1);
    // Array.from, because map leaves holes.
    if (Array.isArray(value)) return ['array', ...Array.from(value, part)];
    if (types.isDate(value)) return ['date', Number.isNaN(value.getTime()) ? null : value.getTime()];
    if (value instanceof LocalSource) return ['local', this.give(value), value.source];
    if (value instanceof AbortSignal)
      return ['signal', this.giveSignal(value), ...this.encodeReason(value, depth + 1)];
    if (isError(value)) return ['error', this.give(value), ...encodeError(value)];
    if (isAsyncIterable(value)) return ['iterable', this.give(value)];
    if (!isPlain(value)) return ['opaque', this.give(value)];
    return ['object', ...Object.entries(value).flatMap(([key, inner]) => [key, part(inner)] as Wire[])];
  }

  private encodeThrownPart(value: unknown, depth: number): Wire {
    const content = this.encodePart(value, depth);
    const isCopy = Array.isArray(content) && (content[0] === 'array' || content[0] === 'object');
    return isCopy ? ['kept', this.give(value), content] : content;
  }

  /** What came from the other side goes back under its number. */
  private back(value: unknown): Wire | undefined {
    const id = this.receivedIds.get(value);
    return id === undefined ? undefined : ['back', id];
  }

  private give(value: unknown): number {
    const known = this.givenIds.get(value);
    if (known !== undefined) return known;
    if (this.given.size >= REMOTE_CAPS.handles) throw moduleProblem.tooManyHandles();
    const id = this.nextId++;
    this.given.set(id, value);
    this.givenIds.set(value, id);
    return id;
  }

  private giveSignal(signal: AbortSignal): number {
    const isNew = !this.givenIds.has(signal);
    const id = this.give(signal);
    if (isNew && !signal.aborted) {
      signal.addEventListener('abort', () => this.otherSide.aborted(id, signal.reason), { once: true });
    }
    return id;
  }

  private encodeReason(signal: AbortSignal, depth: number): Wire[] {
    return signal.aborted ? [this.encodeThrownPart(signal.reason, depth)] : [];
  }

  private decodePart(wire: unknown, depth: number): unknown {
    this.decodedValues += 1;
    if (this.evaluate === null && this.decodedValues > REMOTE_CAPS.values)
      throw moduleProblem.tooManyValues();
    if (depth > 2 * MAX_DEPTH) throw moduleProblem.unreadable('a value that is nested too deeply');
    if (wire === null || typeof wire === 'string' || typeof wire === 'number' || typeof wire === 'boolean') {
      return wire;
    }
    if (!Array.isArray(wire)) throw moduleProblem.unreadable('a value without a kind');
    return this.decodeTagged(wire, depth + 1);
  }

  private decodeTagged(wire: unknown[], depth: number): unknown {
    const [kind, first, second] = wire;
    switch (kind) {
      case 'undefined':
        return undefined;
      case 'number':
        return decodeNumber(first);
      case 'bigint':
        return decodeBigint(first);
      case 'date':
        return decodeDate(first);
      case 'array':
        return wire.slice(1).map((part) => this.decodePart(part, depth));
      case 'object':
        return this.decodeObject(wire, depth);
      case 'back':
        return this.decodeBack(asId(first));
      default:
    }
    const id = asId(first);
    if (this.received.has(id)) return this.received.get(id);
    switch (kind) {
      case 'function':
        return this.receive(id, (...args: unknown[]) => this.otherSide.call(id, args));
      case 'iterable':
        return this.receive(id, { [Symbol.asyncIterator]: () => this.otherSide.iterate(id) });
      case 'signal':
        return this.receiveSignal(id, wire, depth);
      case 'error':
        return this.receive(id, decodeError(wire.slice(2)));
      case 'opaque':
        return this.receive(id, Object.freeze({}));
      case 'kept':
        return this.receive(id, this.decodeContainer(second, depth));
      case 'local':
        if (this.evaluate !== null) return this.receive(id, this.evaluate(asText(second)));
        break;
      default:
    }
    throw moduleProblem.unreadable('a value of no known kind');
  }

  private decodeObject(wire: unknown[], depth: number): object {
    const object: Record<string, unknown> = {};
    for (let index = 1; index < wire.length; index += 2) {
      const key = asText(wire[index]);
      const value = this.decodePart(wire[index + 1], depth);
      // Assigning to __proto__ would set the prototype.
      if (key !== '__proto__') object[key] = value;
      else
        Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
    }
    return object;
  }

  /** What is kept is a copy of its own, never a thing that has a number already. */
  private decodeContainer(wire: unknown, depth: number): unknown {
    const isContainer = Array.isArray(wire) && (wire[0] === 'array' || wire[0] === 'object');
    if (!isContainer) throw moduleProblem.unreadable('a copy of something that is not copied');
    return this.decodePart(wire, depth);
  }

  private decodeBack(id: number): unknown {
    if (!this.given.has(id)) throw moduleProblem.unreadable('a thing that the check never passed to it');
    return this.given.get(id);
  }

  private receiveSignal(id: number, wire: unknown[], depth: number): AbortSignal {
    const controller = new AbortController();
    this.controllers.set(id, controller);
    this.receive(id, controller.signal);
    if (wire.length > 2) controller.abort(this.decodePart(wire[2], depth));
    return controller.signal;
  }

  /** Remembers the stand-in, so that it is the same the next time and goes back under its number. */
  private receive<T>(id: number, standIn: T): T {
    if (this.received.size >= REMOTE_CAPS.handles) throw moduleProblem.tooManyHandles();
    this.received.set(id, standIn);
    this.receivedIds.set(standIn, id);
    return standIn;
  }
}
