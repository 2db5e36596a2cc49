import { execFile } from 'node:child_process';
import { lstat, stat, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Arena, HOME, hasSaid, openArena, RUNTIME_PACKAGES } from './arena.js';

const ATTEMPT = `const fs = require('node:fs');
  const attempt = (action) => { try { action(); return 'done'; } catch (error) { return error.code; } };
  const say = (value) => console.log(JSON.stringify(value));`;

describe('looking and reaching around', () => {
  let arena: Arena;
  beforeAll(async () => {
    arena = await openArena();
  });
  afterAll(() => arena.close());

  const ask = async (code: string) => {
    const { output } = await arena.run({ code: `${ATTEMPT}\n${code}` });
    return JSON.parse(output);
  };

  it('write_root, write_app: read-only, and not to be changed', async () => {
    const answers =
      await ask(`say(['/x', '/usr/x', '/usr/bin/node', '/bin/sh', '/etc/passwd', '/app/x', '/app/main.js',
      '/node_modules/x', '/proc/sys/kernel/hostname', '/dev/x'].map((path) => attempt(() => fs.writeFileSync(path, 'x')))
      .concat(attempt(() => fs.chmodSync('/app/main.js', 0o777)), attempt(() => fs.unlinkSync('/app/main.js')),
        attempt(() => fs.renameSync('/app', '/app2'))))`);
    for (const answer of answers) expect(['EROFS', 'EACCES', 'EPERM', 'EBUSY', 'EXDEV']).toContain(answer);
  });

  it('env_leak: nothing of ours in any environment or command line', async () => {
    process.env.ASSAY_TEST_SECRET = 'hunter2';
    const seen =
      await ask(`say({ env: process.env, all: fs.readdirSync('/proc').filter((p) => /^[0-9]+$/.test(p))
      .map((p) => ['environ', 'cmdline'].map((f) => { try { return fs.readFileSync('/proc/' + p + '/' + f, 'utf8') } catch (e) { return e.code } })) })`);
    delete process.env.ASSAY_TEST_SECRET;
    expect(seen.env).toEqual({ PATH: '/usr/bin', HOME: '/tmp', TZ: 'UTC', PWD: '/app' });
    expect(JSON.stringify(seen.all)).not.toMatch(/hunter2|ASSAY|\/var\/lib|cgroup/);
  });

  it('read_hidden: neither the checks nor their processes can be found', async () => {
    const pod = await arena.engine.openPod();
    const checks = await arena.start(pod, {
      part: 'checks',
      code: `console.log('up'); setInterval(() => 0, 1000)`,
      files: [{ path: 'hidden.js', content: 'the hidden check' }],
      env: { CHECKS_TOKEN: 'token' },
    });
    await hasSaid(checks, 'up');
    const hidden = await pod.addFiles('checks', [{ path: 'more.js', content: 'more' }]);
    const candidate = await arena.start(pod, {
      code: `${ATTEMPT}
        const found = [];
        const walk = (folder, depth) => { let entries = []; try { entries = fs.readdirSync(folder || '/', { withFileTypes: true }) } catch { return }
          for (const entry of entries) { const path = folder + '/' + entry.name;
            if (/hidden|more\\.js/.test(entry.name)) found.push(path);
            if (entry.isDirectory() && depth < 4 && !['/proc', '/node_modules'].includes(path)) walk(path, depth + 1); } };
        walk('', 0);
        say({ found, host: attempt(() => fs.readdirSync('${hidden.hostPath}')),
          processes: fs.readdirSync('/proc').filter((p) => /^[0-9]+$/.test(p)).length })`,
    });
    await candidate.exited;
    expect(JSON.parse(candidate.outputTail())).toEqual({ found: [], host: 'ENOENT', processes: 2 });
    const { uid, mode } = await stat(hidden.hostPath);
    expect([uid, mode & 0o777]).toEqual([checks.uid, 0o500]);
    expect(checks.uid).not.toBe(candidate.uid);
    await pod.close();
  });

  it('host_files: the root is ours and holds nothing else', async () => {
    const seen = await ask(`say({ root: fs.readdirSync('/').sort(), bin: fs.readdirSync('/usr/bin').sort(),
      etc: fs.readdirSync('/etc').sort(), home: fs.readdirSync('/tmp'),
      there: ['/etc/shadow', '/root', '/home', '/var', '/run', '/sys', '/var/run/docker.sock', '/etc/ssl', '/proc/kcore', '/proc/kmsg', '/proc/sysrq-trigger', '/proc/keys']
        .filter((path) => attempt(() => fs.closeSync(fs.openSync(path))) === 'done') })`);
    expect(seen).toEqual({
      root: ['app', 'bin', 'dev', 'etc', 'lib', 'lib64', 'node_modules', 'proc', 'tmp', 'usr'],
      bin: ['node', 'sh'],
      etc: ['group', 'hosts', 'nsswitch.conf', 'passwd', 'resolv.conf'],
      home: [],
      there: ['/proc/keys'],
    });
  });

  it('setuid_bins: none, and no privilege to be had', async () => {
    const seen = await ask(`const found = [];
      const walk = (folder) => { for (const entry of fs.readdirSync(folder || '/', { withFileTypes: true })) { const path = folder + '/' + entry.name;
        if (['/proc', '/dev'].includes(path)) continue;
        if (entry.isDirectory()) walk(path); else if (entry.isFile() && fs.statSync(path).mode & 0o6000) found.push(path); } };
      walk('');
      const status = fs.readFileSync('/proc/self/status', 'utf8');
      say({ found, uid: process.getuid(), groups: process.getgroups(), root: attempt(() => process.setuid(0)),
        caps: /CapEff:\\t(\\w+)/.exec(status)[1], bounding: /CapBnd:\\t(\\w+)/.exec(status)[1],
        privs: /NoNewPrivs:\\t(\\d)/.exec(status)[1], seccomp: /Seccomp:\\t(\\d)/.exec(status)[1] })`);
    expect(seen).toEqual({
      ...{ found: [], uid: 1000, groups: [1000], root: 'EINVAL' },
      ...{ caps: '0000000000000000', bounding: '0000000000000000', privs: '1', seccomp: '2' },
    });
  });

  it('pid1_mem: the init of the sandbox is no way out', async () => {
    const seen =
      await ask(`say({ write: attempt(() => fs.openSync('/proc/1/mem', 'r+')), root: attempt(() => fs.readdirSync('/proc/1/root/var')),
      fds: attempt(() => fs.readdirSync('/proc/1/fd')), ns: attempt(() => fs.readlinkSync('/proc/1/ns/mnt')) === attempt(() => fs.readlinkSync('/proc/self/ns/mnt')) })`);
    expect(seen.root).toMatch(/ENOENT|EACCES/);
    expect(seen.write).toMatch(/EACCES|EPERM|done/); // even written, it is a process of the same sandbox
  });

  it('listen_fd: nothing but stdio is inherited, whatever this process holds open', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    const { output } = await arena.run({ sh: 'echo /proc/$$/fd/*; echo /proc/1/fd/*' });
    server.close();
    // 3 is the folder that sh is listing.
    expect(output.split('\n')[0]).toBe('/proc/2/fd/0 /proc/2/fd/1 /proc/2/fd/2 /proc/2/fd/3');
  });

  it('listen_fd: not even one that this process inherited itself, which node cannot close', async () => {
    const script = `
      const { createSandboxEngine } = await import('${join(import.meta.dirname, '../../libs/sandbox/dist/index.js')}');
      const engine = createSandboxEngine({ home: '${HOME}', runtimePackages: '${RUNTIME_PACKAGES}' });
      const { guarantees } = await engine.selfTest();
      await engine.close();
      console.log(guarantees.includes('no descriptor of the host but stdio'));`;
    const withInherited = 'exec 200</dev/null; exec "$@"';
    const command = ['-c', withInherited, 'bash', process.execPath, '--input-type=module', '-e', script];
    const { stdout } = await promisify(execFile)('/bin/bash', command, { env: {} });
    expect(stdout).toBe('true\n');
  });

  it('planted_symlink, fifo: what a sandbox makes is never followed, and it cannot make devices', async () => {
    const seen = await ask(`const { execFileSync } = require('node:child_process');
      say({ link: attempt(() => fs.symlinkSync('/etc/shadow', '/tmp/link')), read: attempt(() => fs.readFileSync('/tmp/link')) })`);
    expect(seen).toEqual({ link: 'done', read: 'ENOENT' });

    const pod = await arena.engine.openPod();
    const folder = await pod.addFiles('candidate', [{ path: 'a/b.js', content: '1' }]);
    for (const path of ['../x', '/etc/x', 'a/../../x', './x', 'a//b', '', 'a\0b', '..\\x', 'a/'])
      await expect(pod.addFiles('candidate', [{ path, content: 'x' }])).rejects.toThrow(
        /not a relative path/,
      );
    await expect(
      pod.addFiles('candidate', [
        { path: 'x', content: '1' },
        { path: 'x', content: '2' },
      ]),
    ).rejects.toThrow(/EEXIST/);
    // A link that somebody managed to plant in the pod's folder is removed, not followed.
    const target = join(folder.hostPath, '..', '..', 'must-stay');
    await symlink('/etc', target);
    await pod.close();
    expect((await lstat('/etc/passwd')).isFile()).toBe(true);
  });

  it('cross_job: nothing persists from one pod to the next', async () => {
    const leave = `${ATTEMPT} fs.writeFileSync('/tmp/left', 'x'); fs.writeFileSync('/dev/shm/left', 'x');
      require('node:net').createServer().listen(4000, () => { say('left'); process.exit(); });`;
    const look = `${ATTEMPT} const server = require('node:net').createServer().listen(4000, () => {
      say({ tmp: fs.readdirSync('/tmp'), shm: fs.readdirSync('/dev/shm') }); process.exit(); });`;
    await arena.run({ code: leave });
    expect(JSON.parse((await arena.run({ code: look })).output)).toEqual({ tmp: [], shm: [] });

    const pod = await arena.engine.openPod();
    await (await arena.start(pod, { code: leave })).exited;
    const second = await arena.start(pod, { code: look });
    await second.exited;
    expect(JSON.parse(second.outputTail())).toEqual({ tmp: [], shm: [] });
    await pod.close();
  });

  it('values cannot become code of the launch: quotes, dollars and newlines arrive as they are', async () => {
    const odd = `$(touch /tmp/x) "'\`; \n --bind / /`;
    const { output } = await arena.run({
      code: 'console.log(JSON.stringify(process.env.ODD))',
      env: { ODD: odd },
    });
    expect(JSON.parse(output)).toBe(odd);
    await expect(arena.run({ code: '', env: { 'A=B': 'x' } })).rejects.toThrow(/no name for a variable/);
    await expect(arena.run({ code: '', env: { A: 'x\0--bind\0/\0/' } })).rejects.toThrow(/NUL/);
  });
});
