import { inspect, isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ModuleProblem } from './remote-problem.js';
import { LocalSource, type OtherSide, ValueCodec } from './remote-values.js';
import type { Wire } from './remote-wire.js';

/** What the module is told of aborts, as [number, reason]. */
type Aborts = [number, unknown][];

/** Two codecs that face each other, and how values travel between them. */
function bothSides() {
  const aborts: Aborts = [];
  const otherSide: OtherSide = {
    call: async (id, args) => ({ id, args }),
    iterate: () => ({ next: async () => ({ done: true, value: undefined }) }),
    aborted: (id, reason) => aborts.push([id, reason]),
  };
  const check = new ValueCodec(otherSide, null);
  const module = new ValueCodec(otherSide, (source) => ({ madeOf: source }));
  const overTheWire = (wire: Wire): unknown => JSON.parse(JSON.stringify(wire));
  return {
    check,
    module,
    aborts,
    toModule: (value: unknown) => module.decode(overTheWire(check.encode(value))),
    toCheck: (value: unknown) => check.decode(overTheWire(module.encode(value))),
    throwToModule: (value: unknown) => module.decode(overTheWire(check.encodeThrown(value))),
  };
}

/** Data that is copied. */
const plainData = fc.anything({
  withBigInt: true,
  withDate: true,
  key: fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'then', 'toString')),
});

describe('ValueCodec', () => {
  test('plain data arrives as a copy, in both directions', () => {
    fc.assert(
      fc.property(plainData, (value) => {
        const { toModule, toCheck } = bothSides();
        for (const arrived of [toModule(value), toCheck(value)]) {
          // Not toStrictEqual, which takes a key `constructor` for the class.
          if (!isDeepStrictEqual(arrived, value)) expect(arrived).toBe(value);
        }
      }),
    );
  });

  test('lone surrogates, holes and keys like __proto__ are plain data', () => {
    const { toCheck } = bothSides();
    expect(toCheck('\ud800')).toBe('\ud800');
    expect(toCheck(new Array(2))).toStrictEqual([undefined, undefined]);
    const hostile: unknown = JSON.parse('{"__proto__":{"isAdmin":true},"constructor":{"prototype":{}}}');
    const arrived = toCheck(hostile);
    expect(Object.keys(arrived as object)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(arrived)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
  });

  test('what is no plain data comes back as the very same thing', () => {
    class Job {
      title = 'x';
    }
    const things = [
      new Job(),
      new TypeError('boom'),
      new Map(),
      Symbol('s'),
      Promise.resolve(1),
      () => 1,
      new AbortController().signal,
      { async *[Symbol.asyncIterator]() {} },
      new LocalSource('1 + 1'),
    ];
    const { toModule, toCheck } = bothSides();
    for (const thing of things) {
      expect(toCheck(toModule(thing))).toBe(thing);
      expect(toModule({ thing })).toEqual({ thing: toModule(thing) });
    }
    const made = () => 2;
    expect(toModule(toCheck(made))).toBe(made);
    expect(toCheck(made)).toBe(toCheck(made));
  });

  test('a plain object that was thrown comes back as the very same, otherwise as a copy', () => {
    const { toModule, toCheck, throwToModule } = bothSides();
    const reason = { why: ['busy'] };
    expect(toCheck(toModule(reason))).not.toBe(reason);
    const thrown = throwToModule(reason);
    expect(thrown).toEqual(reason);
    expect(toCheck(thrown)).toBe(reason);
  });

  test('an error of the other side is a real one, of the built-in class, without a stack', () => {
    class LimitError extends RangeError {
      override name = 'LimitError';
      code = 'E_LIMIT';
    }
    const { toCheck } = bothSides();
    const arrived = toCheck(new LimitError('at least 1')) as LimitError;
    expect(arrived).toBeInstanceOf(RangeError);
    expect(arrived).toMatchObject({ name: 'LimitError', message: 'at least 1', code: 'E_LIMIT' });
    expect(arrived.stack).toBe('LimitError: at least 1');
    expect(Object.keys(arrived)).toEqual(['code']);
    expect(toCheck(new TypeError('no'))).toBeInstanceOf(TypeError);
    expect(toCheck(new Error(''))).toMatchObject({ name: 'Error', message: '', stack: 'Error' });
  });

  test('a signal is aborted on the other side with the same reason, before or after it travels', () => {
    const { toModule, toCheck, check, module, aborts } = bothSides();
    const early = new AbortController();
    const reason = new Error('stop');
    early.abort(reason);
    const arrived = toModule(early.signal) as AbortSignal;
    expect(arrived.aborted).toBe(true);
    expect(toCheck(arrived.reason)).toBe(reason);

    const late = new AbortController();
    const standIn = toModule(late.signal) as AbortSignal;
    toModule(late.signal);
    expect(standIn.aborted).toBe(false);
    late.abort(reason);
    expect(aborts).toEqual([[check.givenId(late.signal), reason]]);
    module.abort(check.givenId(late.signal) ?? 0, 'over');
    expect(standIn.reason).toBe('over');
  });

  test('the source of a local value is evaluated in the module only, once', () => {
    const { toModule, check } = bothSides();
    expect(toModule(new LocalSource('x'))).toEqual({ madeOf: 'x' });
    expect(() => check.decode(['local', 1, 'process.exit()'])).toThrow(ModuleProblem);
  });

  test('what is too large or goes in circles is refused by the sender', () => {
    const { module } = bothSides();
    const circle: unknown[] = [];
    circle.push(circle);
    expect(() => module.encode(circle)).toThrow(RangeError);
    expect(() => module.encode(new Array(1e9))).toThrow(RangeError);
    expect(() =>
      module.encode(Object.defineProperty({}, 'x', { enumerable: true, get: () => circle })),
    ).toThrow(RangeError);
  });

  test('forged values give a plain problem and nothing else', () => {
    const kinds = [
      'undefined',
      'number',
      'bigint',
      'date',
      'array',
      'object',
      'back',
      'function',
      'iterable',
    ];
    kinds.push('signal', 'error', 'opaque', 'kept', 'local', '__proto__', 'constructor');
    const { forged } = fc.letrec<{ forged: unknown }>((tie) => ({
      forged: fc.oneof(
        { maxDepth: 5 },
        fc.oneof(fc.constantFrom(...kinds, 'NaN', '-0', 'ff', '__proto__'), fc.integer({ min: -1, max: 5 })),
        fc.jsonValue(),
        fc.array(tie('forged'), { maxLength: 6 }),
        fc.tuple(fc.constantFrom(...kinds), tie('forged'), tie('forged'), tie('forged')),
      ),
    }));
    let accepted = 0;
    fc.assert(
      fc.property(fc.array(forged, { maxLength: 5 }), (wires) => {
        const { check } = bothSides();
        check.encode([() => 1, new Error('mine')]);
        for (const wire of wires) {
          try {
            // What is taken can also be printed and sent back.
            const value = check.decode(wire);
            inspect(value);
            check.encode(value);
            accepted += 1;
          } catch (error) {
            expect(error).toBeInstanceOf(ModuleProblem);
          }
        }
      }),
      { numRuns: 400 },
    );
    expect(accepted).toBeGreaterThan(40);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test('a flood of handles or values is refused', () => {
    const { check } = bothSides();
    const flood = (wire: (index: number) => Wire) => () => {
      for (let index = 0; index <= 250_000; index += 1) check.decode(wire(index));
    };
    expect(flood((index) => ['function', index])).toThrow(/more than 10000 functions and objects/);
    expect(flood(() => null)).toThrow(/more than 250000 values/);
    let nested: Wire = null;
    for (let depth = 0; depth < 10_000; depth += 1) nested = ['array', nested];
    expect(() => bothSides().check.decode(nested)).toThrow(/nested too deeply/);
  });
});
