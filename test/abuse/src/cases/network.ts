import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:net';
import type { AbuseCase } from '../abuse-case.js';
import { hasSaid } from '../arena.js';

const CONNECT = `const net = require('node:net'), dgram = require('node:dgram'), dns = require('node:dns');
  const tcp = (options) => new Promise((resolve) => { const s = net.connect(options);
    s.once('connect', () => { s.destroy(); resolve('connected'); }).once('error', (e) => resolve(e.code)); });
  const udp = (host) => new Promise((resolve) => { const s = dgram.createSocket('udp4');
    s.send('x', 53, host, (e) => { s.close(); resolve(e ? e.code : 'sent'); }); });
`;

const listenOn = (...where: [string] | [number, string]) =>
  new Promise<Server>((resolve) => {
    const server = createServer((connection) => connection.destroy());
    server.listen(where[0] as never, where[1] as never, () => resolve(server)); // two overloads in one
  });

const UNREACHABLE = /^(ENETUNREACH|EADDRNOTAVAIL|ECONNREFUSED|ENOTFOUND|EAI_AGAIN)$/;
const network = (name: string, tries: string, code: string, short?: true): AbuseCase => ({
  name,
  tries,
  ...(short && { short }),
  async run(arena) {
    const answers = await arena.ask<string[]>(`${CONNECT} (async () => say([${code}]))()`);
    for (const answer of answers) assert.match(answer, UNREACHABLE);
    return answers.join(', ');
  },
});

/** Leaving its network. */
export const NETWORK_CASES: AbuseCase[] = [
  network(
    'net_out',
    'connects to the world, IPv4 and IPv6',
    `await tcp({ host: '1.1.1.1', port: 443 }), await tcp({ host: '2606:4700:4700::1111', port: 443 })`,
    true,
  ),
  network('udp', 'sends a datagram', `await udp('8.8.8.8')`),
  network(
    'dns',
    'asks for a name, by the system and directly',
    `await dns.promises.lookup('example.com').then(() => 'resolved', (e) => e.code), await dns.promises.resolve4('example.com').then(() => 'resolved', (e) => e.code)`,
  ),
  network(
    'metadata',
    "asks the cloud's metadata service",
    `await tcp({ host: '169.254.169.254', port: 80 })`,
  ),
  {
    name: 'host_loopback',
    tries: "the host's own ports and abstract sockets",
    short: true,
    async run(arena) {
      const hostTcp = await listenOn(0, '0.0.0.0');
      const hostUnix = await listenOn('\0assay-abuse-host');
      try {
        const address = hostTcp.address();
        const port = typeof address === 'object' ? address?.port : 0;
        const answers = await arena.ask<string[]>(
          `${CONNECT} (async () => say([await tcp({ host: '127.0.0.1', port: ${port} }), await tcp({ path: '\\0assay-abuse-host' })]))()`,
        );
        assert.deepEqual(answers, ['ECONNREFUSED', 'ECONNREFUSED']);
        return answers.join(', ');
      } finally {
        hostTcp.close();
        hostUnix.close();
      }
    },
  },
  {
    name: 'abstract_uds',
    tries: "another pod's abstract socket and port",
    async run(arena) {
      const pod = await arena.engine.openPod();
      try {
        const server = await arena.start(pod, {
          code: `const net = require('node:net'); net.createServer().listen('\\0assay-pod', () => net.createServer().listen(3000, '127.0.0.1', () => console.log('up')))`,
        });
        await hasSaid(server, 'up');
        const answers = await arena.ask<string[]>(
          `${CONNECT} (async () => say([await tcp({ path: '\\0assay-pod' }), await tcp({ host: '127.0.0.1', port: 3000 })]))()`,
        );
        assert.deepEqual(answers, ['ECONNREFUSED', 'ECONNREFUSED']);
        return answers.join(', ');
      } finally {
        await pod.close();
      }
    },
  },
  {
    name: 'port_scan',
    tries: 'looks for anything of ours that listens in its network while it is graded',
    async run(arena) {
      const { outcome, output } = await arena.grade(`import fs from 'node:fs'; import http from 'node:http';
        const listening = () => ['tcp', 'tcp6', 'udp', 'udp6', 'unix'].flatMap((kind) => { let text = ''; try { text = fs.readFileSync('/proc/net/' + kind, 'utf8'); } catch {}
          return text.split('\\n').slice(1).map((line) => line.trim().split(/\\s+/)).filter((f) => kind === 'unix' ? f[7] : kind.startsWith('udp') ? f[1] : f[3] === '0A').map((f) => kind + ' ' + (f[7] && kind === 'unix' ? f[7] : parseInt(f[1].split(':')[1], 16))); });
        http.createServer((_, res) => { console.log('listening: ' + [...new Set(listening())].join(', ')); res.end('looked'); }).listen(process.env.PORT, '127.0.0.1');`);
      assert.equal(outcome, 'completed');
      assert.match(output, /listening: tcp 3000\n/);
      return output.trim().split('\n').at(-1) ?? '';
    },
  },
];
