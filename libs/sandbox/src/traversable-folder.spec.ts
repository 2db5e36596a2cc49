import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { makeTraversableFolder } from './traversable-folder.js';

describe('the data folder', () => {
  let scratch: string;
  beforeEach(() => {
    scratch = mkdtempSync(join(tmpdir(), 'assay-data-'));
    chmodSync(scratch, 0o755);
  });
  afterEach(() => rmSync(scratch, { recursive: true }));

  it('is made passable, not readable', async () => {
    const folder = await makeTraversableFolder(join(scratch, 'home/sandbox'), true);
    expect(statSync(folder).mode & 0o777).toBe(0o711);
  });

  it('is refused below a private folder, naming it and what to do', async () => {
    mkdirSync(join(scratch, 'private'), { mode: 0o700 });
    await expect(makeTraversableFolder(join(scratch, 'private/sandbox'), true)).rejects.toThrow(
      /may not pass through .*\/private; set ASSAY_HOME .* chmod o\+x .*\/private/,
    );
  });

  it('is refused where anybody may replace it', async () => {
    mkdirSync(join(scratch, 'open'));
    chmodSync(join(scratch, 'open'), 0o777);
    await expect(makeTraversableFolder(join(scratch, 'open/sandbox'), true)).rejects.toThrow(
      /anybody may replace/,
    );
  });
});
