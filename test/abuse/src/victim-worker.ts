import { stat } from 'node:fs/promises';
import type { WallName } from '@assay/sandbox';
import { openEngine } from './arena.js';

// A worker to be killed: opens a pod with both parts busy, says on stdout where they are, and waits.

// The engine to use is named by the case that starts this.
const engine = openEngine(process.argv[2] as WallName, []);
await engine.selfTest();
const pod = await engine.openPod();
const limits = {
  memoryBytes: 2 ** 27,
  pids: 48,
  cpus: 1,
  outputBytes: 1e6,
  tmpBytes: 2 ** 20,
  wallMs: 60_000,
};
const content = `
  for (const s of ['SIGTERM', 'SIGHUP', 'SIGPIPE']) process.on(s, () => 0);
  require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => 0, 100)'], { detached: true, stdio: 'ignore' })
    .once('spawn', () => console.log('up'));
  setInterval(() => 0, 100);`;

const uids: number[] = [];
for (const part of ['candidate', 'checks'] as const) {
  const app = await pod.addFiles(part, [{ path: 'main.js', content }]);
  uids.push((await stat(app.hostPath)).uid);
  const command = ['/usr/bin/node', '--max-old-space-size=64', '/app/main.js'];
  const container = await pod.start({ part, command, env: {}, cwd: '/app', mounts: { '/app': app }, limits });
  await new Promise((resolve) => container.stdout.once('data', resolve));
}
process.stdout.write(`${JSON.stringify({ uids })}\n`);
// Ends with its starter too, so that a failed test leaves no worker behind.
process.stdin.resume().on('end', () => process.exit());
