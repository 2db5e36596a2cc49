import { describe, expect, it } from '@jest/globals';
import { openAnswer, sealAnswer } from './sealed-answer.js';

describe('a sealed answer', () => {
  const answer = { url: 'http://localhost:3001/a/secret', list: [1, null, 'ü'] };

  it('opens with the secret that sealed it, and does not show what it holds', () => {
    const sealed = sealAnswer(answer, 'cookie');
    expect(Buffer.from(sealed, 'base64').toString('latin1')).not.toContain('secret');
    expect(openAnswer(sealed, 'cookie')).toEqual(answer);
    expect(openAnswer(sealAnswer(undefined, 'cookie'), 'cookie')).toBeNull();
  });

  it('opens with no other secret, and not after a change', () => {
    const sealed = sealAnswer(answer, 'cookie');
    expect(() => openAnswer(sealed, 'other')).toThrow();
    const changed = Buffer.from(sealed, 'base64');
    changed.writeUInt8(changed.readUInt8(40) ^ 1, 40);
    expect(() => openAnswer(changed.toString('base64'), 'cookie')).toThrow();
  });
});
