import { readFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import pg from 'pg';
import type { SystemUnderLoad } from './system.js';

/** Where the figures come from: without it they say nothing. */
export interface Machine {
  cpu: string;
  cores: number;
  memoryGb: number;
  kernel: string;
  node: string;
  postgres: string;
  /** Of the last minute, before anything was started: above 0 somebody else was at work. */
  loadAverageBefore: number;
  loadAverageAfter: number;
  measuredAt: string;
}

/** To be called after measuring. */
export async function describeMachine({ ownerUrl, loadAverageBefore }: SystemUnderLoad): Promise<Machine> {
  return {
    cpu: await cpuModel(),
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    postgres: await postgresVersion(ownerUrl),
    loadAverageBefore: Number(loadAverageBefore.toFixed(2)),
    loadAverageAfter: Number((loadavg()[0] ?? 0).toFixed(2)),
    measuredAt: new Date().toISOString(),
  };
}

/** Node says `unknown` on some virtual machines, where the kernel knows more. */
async function cpuModel(): Promise<string> {
  const known = cpus()[0]?.model.trim();
  if (known && known !== 'unknown') return known;
  const cpuinfo = await readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  return /^model name\s*:\s*(.+)$/m.exec(cpuinfo)?.[1] ?? process.arch;
}

async function postgresVersion(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    return rows[0]?.server_version ?? 'unknown';
  } finally {
    await client.end();
  }
}
