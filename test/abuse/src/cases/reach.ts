import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { lstat, stat, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { AbuseCase } from '../abuse-case.js';
import { hasSaid } from '../arena.js';

/** The command itself, compiled. */
const MAIN = join(import.meta.dirname, '../../dist/main.js');

const REFUSED = ['EROFS', 'EACCES', 'EPERM', 'EBUSY', 'EXDEV', 'ENOENT', 'EINVAL', 'ETXTBSY'];
const allRefused = (answers: Record<string, string>) => {
  const got = Object.entries(answers).filter(([, answer]) => !REFUSED.includes(answer));
  assert.deepEqual(got, [], 'not refused');
  return [...new Set(Object.values(answers))].sort().join(', ');
};

/** Reaching for files, memory and secrets that are not its own. */
export const REACH_CASES: AbuseCase[] = [
  {
    name: 'write_root',
    tries: 'writes to everything but /tmp',
    short: true,
    async run(arena) {
      return allRefused(
        await arena.ask(`const answers = {};
          for (const path of ['/x', '/usr/x', '/usr/bin/node', '/bin/sh', '/etc/passwd', '/node_modules/x', '/dev/x', '/proc/sys/kernel/hostname', '/proc/sys/kernel/core_pattern', '/proc/sysrq-trigger'])
            answers[path] = attempt(() => fs.writeFileSync(path, 'x'));
          say(answers)`),
      );
    },
  },
  {
    name: 'write_app',
    tries: 'changes its own files after they were handed in',
    async run(arena) {
      return allRefused(
        await arena.ask(`say({ write: attempt(() => fs.writeFileSync('/app/main.js', 'x')), add: attempt(() => fs.writeFileSync('/app/x', 'x')),
          chmod: attempt(() => fs.chmodSync('/app/main.js', 0o777)), unlink: attempt(() => fs.unlinkSync('/app/main.js')), move: attempt(() => fs.renameSync('/app', '/app2')) })`),
      );
    },
  },
  {
    name: 'write_node',
    tries: 'overwrites node by its running image',
    async run(arena) {
      return allRefused(
        await arena.ask(
          `say({ exe: attempt(() => fs.closeSync(fs.openSync('/proc/self/exe', 'r+'))), init: attempt(() => fs.closeSync(fs.openSync('/proc/1/exe', 'r+'))) })`,
        ),
      );
    },
  },
  {
    name: 'env_leak',
    tries: 'reads environments and command lines',
    short: true,
    async run(arena) {
      process.env.ASSAY_TEST_SECRET = 'hunter2';
      try {
        const seen = await arena.ask<{ env: object; all: string[] }>(
          `say({ env: process.env, all: fs.readdirSync('/proc').filter((p) => /^[0-9]+$/.test(p))
            .map((p) => ['environ', 'cmdline', 'cgroup', 'mountinfo'].map((f) => { try { return fs.readFileSync('/proc/' + p + '/' + f, 'utf8') } catch (e) { return e.code } }).join()) })`,
        );
        assert.deepEqual(Object.keys(seen.env).sort(), ['HOME', 'PATH', 'PWD', 'TZ']);
        assert.doesNotMatch(seen.all.join(), /hunter2|ASSAY|postgres|redis:/);
        return 'PATH, HOME, TZ and PWD';
      } finally {
        delete process.env.ASSAY_TEST_SECRET;
      }
    },
  },
  {
    name: 'read_hidden',
    tries: 'looks for the checks, their process and their files',
    short: true,
    async run(arena) {
      const pod = await arena.engine.openPod();
      try {
        const checks = await arena.start(pod, {
          part: 'checks',
          code: `console.log('up'); setInterval(() => 0, 1000)`,
          files: [{ path: 'hidden.js', content: 'the hidden check' }],
          env: { CHECKS_TOKEN: 'token' },
        });
        await hasSaid(checks, 'up');
        const hidden = await pod.addFiles('checks', [{ path: 'more.js', content: 'more' }]);
        const candidate = await arena.start(pod, {
          code: `const fs = require('node:fs'); const found = [];
            const walk = (folder, depth) => { let entries = []; try { entries = fs.readdirSync(folder || '/', { withFileTypes: true }) } catch { return }
              for (const entry of entries) { const path = folder + '/' + entry.name;
                if (/hidden|more\\.js/.test(entry.name)) found.push(path);
                if (entry.isDirectory() && depth < 4 && !['/proc', '/node_modules'].includes(path)) walk(path, depth + 1); } };
            walk('', 0);
            let host = 'read'; try { fs.readdirSync('${hidden.hostPath}') } catch (e) { host = e.code }
            console.log(JSON.stringify({ found, host, processes: fs.readdirSync('/proc').filter((p) => /^[0-9]+$/.test(p)).length }))`,
        });
        await candidate.exited;
        assert.deepEqual(JSON.parse(candidate.outputTail()), { found: [], host: 'ENOENT', processes: 2 });
        const { uid, mode } = await stat(hidden.hostPath);
        assert.deepEqual([uid, mode & 0o777], [checks.uid, 0o500]);
        assert.notEqual(checks.uid, candidate.uid);
        return 'nothing to be found; 2 processes, its own';
      } finally {
        await pod.close();
      }
    },
  },
  {
    name: 'host_files',
    tries: 'looks at the file system',
    short: true,
    async run(arena) {
      const seen = await arena.ask<{ root: string[]; bin: string[]; etc: string[]; there: string[] }>(
        `say({ root: fs.readdirSync('/').sort(), bin: fs.readdirSync('/usr/bin').sort(), etc: fs.readdirSync('/etc').sort(),
          there: ['/etc/shadow', '/root', '/home', '/var', '/run', '/sys', '/var/run/docker.sock', '/etc/ssl', '/proc/kcore', '/proc/kmsg', '/proc/sysrq-trigger', '/dev/mem', '/dev/kmsg', '/dev/sda', '/dev/vda', '/dev/fuse']
            .filter((path) => attempt(() => fs.readSync(fs.openSync(path), Buffer.alloc(1))) === 'done') })`,
      );
      assert.deepEqual(
        seen.root.filter(
          (name) =>
            !['app', 'bin', 'dev', 'etc', 'lib', 'lib64', 'node_modules', 'proc', 'tmp', 'usr'].includes(
              name,
            ),
        ),
        [],
      );
      assert.deepEqual(
        seen.bin.filter((name) => !['node', 'sh'].includes(name)),
        [],
      );
      assert.deepEqual(seen.there, []);
      return `/${seen.root.join(' /')}; node, sh and ${seen.etc.length} files of ours in /etc`;
    },
  },
  {
    name: 'pid1_mem',
    tries: 'memory, root and descriptors of process 1',
    async run(arena) {
      const seen = await arena.ask<{ root: string; fds: string[] }>(
        `say({ root: attempt(() => fs.readdirSync('/proc/1/root/var')), fds: (() => { try { return fs.readdirSync('/proc/1/fd').map((fd) => { try { return fs.readlinkSync('/proc/1/fd/' + fd) } catch (e) { return e.code } }) } catch (e) { return [e.code] } })() })`,
      );
      assert.match(seen.root, /ENOENT|EACCES/);
      for (const fd of seen.fds)
        assert.match(fd, /^(pipe:|\/dev\/null|anon_inode|EACCES|socket:)/, 'a file of the host');
      return `a process of the same sandbox: ${seen.root}, descriptors ${seen.fds.join(' ')}`;
    },
  },
  {
    name: 'proc_files',
    tries: 'what /proc lets one change: oom score, limits, namespaces, setgroups',
    async run(arena) {
      return allRefused(
        await arena.ask(`say({ oom: attempt(() => fs.writeFileSync('/proc/self/oom_score_adj', '-1000')), uid: attempt(() => fs.writeFileSync('/proc/self/uid_map', '0 0 1')),
          groups: attempt(() => fs.writeFileSync('/proc/self/setgroups', 'allow')), drop: attempt(() => fs.writeFileSync('/proc/sys/vm/drop_caches', '3')),
          forward: attempt(() => fs.writeFileSync('/proc/sys/net/ipv4/ip_forward', '1')), kcore: attempt(() => fs.openSync('/proc/kcore')), keys: attempt(() => { if (/assay|user/.test(fs.readFileSync('/proc/keys', 'utf8'))) return; throw Object.assign(new Error(), { code: 'ENOENT' }) }) })`),
      );
    },
  },
  {
    name: 'listen_fd_escape',
    tries: 'descriptors that we hold open, to be used again',
    short: true,
    async run(arena) {
      const server = createServer().listen(0, '127.0.0.1');
      try {
        const { output } = await arena.run({ sh: 'echo /proc/$$/fd/*' });
        const open = output
          .trim()
          .split(' ')
          .map((path) => path.split('/').at(-1));
        // The last one is the folder that sh is listing.
        assert.deepEqual(open, ['0', '1', '2', '3']);
        return 'stdio alone';
      } finally {
        server.close();
      }
    },
  },
  {
    name: 'inherited_fd',
    tries: 'a descriptor that the worker itself was started with, which node cannot close',
    async run({ wall }) {
      const again = [MAIN, '--case', 'listen_fd_escape', '--engine', wall, '--json'];
      const command = ['-c', 'exec 200</dev/null; exec "$@"', 'bash', process.execPath, ...again];
      const { stdout } = await promisify(execFile)('/bin/bash', command, { env: {} });
      assert.deepEqual(
        JSON.parse(stdout).cases.map(({ held }: { held: boolean }) => held),
        [true],
      );
      return 'stdio alone';
    },
  },
  {
    name: 'planted_symlink',
    tries: 'links and pipes for the worker to follow',
    async run(arena) {
      const seen = await arena.ask<Record<string, string>>(
        `say({ link: attempt(() => fs.symlinkSync('/etc/shadow', '/tmp/link')), read: attempt(() => fs.readFileSync('/tmp/link')) })`,
      );
      assert.deepEqual(seen, { link: 'done', read: 'ENOENT' });
      const pod = await arena.engine.openPod();
      const folder = await pod.addFiles('candidate', [{ path: 'a/b.js', content: '1' }]);
      for (const path of ['../x', '/etc/x', 'a/../../x', './x', 'a//b', '', 'a\0b', '..\\x', 'a/'])
        await assert.rejects(pod.addFiles('candidate', [{ path, content: 'x' }]), /not a relative path/);
      // A link that somebody managed to plant in the pod's folder is removed, not followed.
      await symlink('/etc', join(folder.hostPath, '..', '..', 'must-stay'));
      await pod.close();
      assert.ok((await lstat('/etc/passwd')).isFile());
      return 'never followed; paths that lead elsewhere are refused';
    },
  },
  {
    name: 'cross_job',
    tries: 'leaves something for the next one: /tmp, /dev/shm, ports, locks',
    short: true,
    async run(arena) {
      const leave = `const fs = require('node:fs'); fs.writeFileSync('/tmp/left', 'x'); fs.writeFileSync('/dev/shm/left', 'x');
        require('node:net').createServer().listen(4000, () => { console.log('left'); process.exit(); });`;
      const look = `const fs = require('node:fs'); require('node:net').createServer().listen(4000, () => {
        console.log(JSON.stringify([fs.readdirSync('/tmp'), fs.readdirSync('/dev/shm')])); process.exit(); });`;
      await arena.run({ code: leave });
      assert.equal((await arena.run({ code: look })).output, '[[],[]]\n');
      const pod = await arena.engine.openPod();
      try {
        await (await arena.start(pod, { code: leave })).exited;
        const second = await arena.start(pod, { code: look });
        await second.exited;
        assert.equal(second.outputTail(), '[[],[]]\n');
      } finally {
        await pod.close();
      }
      return 'nothing persists, in the same pod or in the next';
    },
  },
  {
    name: 'launch_injection',
    tries: 'values that would be options, code or variables of the launch',
    async run(arena) {
      const odd = `$(touch /tmp/x) "'\`; \n --bind / /`;
      const arrived = await arena.ask<string>('say(process.env.ODD)', { env: { ODD: odd } });
      assert.equal(arrived, odd);
      await assert.rejects(arena.run({ code: '', env: { 'A=B': 'x' } }), /no name for a variable/);
      await assert.rejects(arena.run({ code: '', env: { A: 'x\0--bind\0/\0/' } }), /NUL/);
      return 'arrive as they are, or are refused';
    },
  },
];
