/**
 * A worker to be killed: opens a pod with both parts busy, says on stdout where they are, and waits. Runs the built
 * engine, as a worker does. argv: data folder, runtime packages.
 */
import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createSandboxEngine } from '../../libs/sandbox/dist/index.js';

const [home, runtimePackages] = process.argv.slice(2);
const engine = createSandboxEngine({ home, runtimePackages });
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

const uids = [];
for (const part of ['candidate', 'checks']) {
  const app = await pod.addFiles(part, [{ path: 'main.js', content }]);
  uids.push((await stat(app.hostPath)).uid);
  const command = ['/usr/bin/node', '--max-old-space-size=64', '/app/main.js'];
  const container = await pod.start({ part, command, env: {}, cwd: '/app', mounts: { '/app': app }, limits });
  await new Promise((resolve) => container.stdout.once('data', resolve));
}
console.log(JSON.stringify({ uids, cgroups: readFileSync('/proc/self/cgroup', 'utf8') }));
// Ends with its starter too, so that a failed test leaves no worker behind.
process.stdin.resume().on('end', () => process.exit());
