import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseConfig } from './config.js';

const ENOUGH = {
  ASSAY_HOME: '/data',
  DATABASE_URL: 'postgresql://assay@db/assay',
  REDIS_URL: 'redis://127.0.0.1:6379',
};

describe('the configuration', () => {
  it('has a default for all that a first start does not name', () => {
    expect(parseConfig(ENOUGH)).toMatchObject({
      environment: 'production',
      recruiterPort: 3000,
      assessmentPort: 3001,
      workerHealthPort: 3002,
      publicUrl: 'http://localhost:3000',
      candidateUrl: 'http://localhost:3001',
      workerDatabaseUrl: ENOUGH.DATABASE_URL,
      gradingSlots: 1,
      sandboxEngine: 'bwrap',
    });
  });

  it('follows the first port and takes addresses as they are given', () => {
    const config = parseConfig({ ...ENOUGH, ASSAY_PORT: '4000', ASSAY_CANDIDATE_URL: 'https://try.example' });
    expect(config).toMatchObject({
      assessmentPort: 4001,
      publicUrl: 'http://localhost:4000',
      candidateUrl: 'https://try.example',
    });
  });

  it('cannot be changed after it was read', () => {
    expect(Object.isFrozen(parseConfig(ENOUGH))).toBe(true);
  });

  it('names every wrong value at once', () => {
    const wrong = {
      ASSAY_PORT: 'http',
      REDIS_URL: 'localhost',
      ASSAY_DEMO: 'yes',
      ASSAY_QUEUE_PREFIX: 'a:b',
    };
    const read = () => parseConfig({ ...ENOUGH, ...wrong, ASSAY_HOME: undefined });
    for (const name of [...Object.keys(wrong), 'ASSAY_HOME']) expect(read).toThrow(name);
  });

  it('reads a secret from the file that NAME_FILE names', () => {
    const folder = mkdtempSync(join(tmpdir(), 'assay-config-'));
    try {
      const file = join(folder, 'url');
      writeFileSync(file, 'postgresql://from-a-file@db/assay\n');
      const { DATABASE_URL: _, ...rest } = ENOUGH;
      expect(parseConfig({ ...rest, DATABASE_URL_FILE: file }).databaseUrl).toBe(
        'postgresql://from-a-file@db/assay',
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
