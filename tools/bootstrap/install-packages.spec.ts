import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { isInstalled } from './install-packages.mjs';

let folder: string;
const lock = {
  packages: {
    '': { name: 'sample' },
    'libs/own': { version: '0.1.0' },
    'node_modules/tea': { version: '1.2.3' },
    'node_modules/tea-linux': { version: '1.2.3', optional: true },
  },
};
const installed = (packages: Record<string, unknown>) =>
  writeFile(join(folder, 'node_modules', '.package-lock.json'), JSON.stringify({ packages }));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'install-packages-'));
  await mkdir(join(folder, 'node_modules'));
  await writeFile(join(folder, 'package-lock.json'), JSON.stringify(lock));
});
afterEach(() => rm(folder, { recursive: true }));

it('is not installed before npm has written what it installed', async () => {
  expect(await isInstalled(folder)).toBe(false);
});

it('is installed with every package at its version; packages for other platforms may be missing', async () => {
  await installed({ 'node_modules/tea': { version: '1.2.3' } });
  expect(await isInstalled(folder)).toBe(true);
});

it('is not installed with a package missing or at another version', async () => {
  await installed({ 'node_modules/tea-linux': { version: '1.2.3' } });
  expect(await isInstalled(folder)).toBe(false);
  await installed({ 'node_modules/tea': { version: '1.2.4' } });
  expect(await isInstalled(folder)).toBe(false);
});
