import { describe, expect, it } from '@jest/globals';
import { openContainerOutput } from './container-output.js';

const KIB = 1024;
const MIB = 1024 * KIB;

describe('what a container writes', () => {
  it('keeps the last 16 KiB of stdout and stderr as they came', () => {
    const output = openContainerOutput(MIB, () => undefined);
    for (let index = 0; index < 100; index++)
      output.add(Buffer.from(`${index}:`.padEnd(KIB, '.')), index % 2 === 0);
    expect(output.tail().length).toBe(16 * KIB);
    expect(output.tail().startsWith('84:')).toBe(true);
    expect(output.tail()).toContain('99:');
  });

  it('replaces what is no UTF-8 and keeps control characters: it is data', () => {
    const output = openContainerOutput(MIB, () => undefined);
    output.add(Buffer.from([0x61, 0xff, 0x00, 0x1b, 0xc3]), true);
    expect(output.tail()).toBe('a\ufffd\0\u001b\ufffd');
  });

  it('says once when the sum of both passes the limit, and takes no more', () => {
    let said = 0;
    const output = openContainerOutput(10, () => said++);
    output.add(Buffer.from('12345'), true);
    output.add(Buffer.from('67890'), false);
    expect(said).toBe(0);
    output.add(Buffer.from('x'), true);
    output.add(Buffer.from('y'), true);
    expect(said).toBe(1);
    expect(output.tail()).toBe('1234567890x');
  });

  it('passes stdout on to its reader, whole and in order', async () => {
    const output = openContainerOutput(MIB, () => undefined);
    output.add(Buffer.from('early '), true);
    output.add(Buffer.from('not this'), false);
    const read = output.stdout.setEncoding('utf8').toArray();
    output.add(Buffer.from('late'), true);
    output.end();
    expect((await read).join('')).toBe('early late');
  });

  it('is heard as it comes by whoever listens, with what came before', () => {
    const output = openContainerOutput(MIB, () => undefined);
    output.add(Buffer.from('early '), true);
    const heard: string[] = [];
    output.listen((chunk) => heard.push(chunk.toString()));
    output.add(Buffer.from('error '), false);
    output.add(Buffer.from('late'), true);
    expect(heard).toEqual(['early ', 'error ', 'late']);
  });

  it('does not grow without a reader, and fails a reader who comes too late', async () => {
    const output = openContainerOutput(100 * MIB, () => undefined);
    for (let index = 0; index < 64; index++) output.add(Buffer.alloc(64 * KIB), true);
    expect(output.stdout.readableLength).toBeLessThanOrEqual(2 * MIB);
    await expect(output.stdout.toArray()).rejects.toThrow();
    output.end();
  });
});
