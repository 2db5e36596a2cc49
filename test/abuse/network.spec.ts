import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Arena, hasSaid, openArena } from './arena.js';

const CONNECT = `const net = require('node:net'), dgram = require('node:dgram'), dns = require('node:dns');
  const tcp = (options) => new Promise((resolve) => { const s = net.connect(options);
    s.once('connect', () => { s.destroy(); resolve('connected'); }).once('error', (e) => resolve(e.code)); });
  const udp = (host) => new Promise((resolve) => { const s = dgram.createSocket('udp4');
    s.send('x', 53, host, (e) => { s.close(); resolve(e ? e.code : 'sent'); }); });
  const say = (value) => console.log(JSON.stringify(value));`;

const listen = (...where: [string] | [number, string]) =>
  new Promise<Server>((resolve) => {
    const server = createServer((connection) => connection.destroy());
    server.listen(where[0] as never, where[1] as never, () => resolve(server)); // two overloads in one
  });

describe('leaving its network', () => {
  let arena: Arena;
  let hostTcp: Server;
  let hostUnix: Server;
  beforeAll(async () => {
    arena = await openArena();
    hostTcp = await listen(0, '0.0.0.0');
    hostUnix = await listen('\0assay-abuse-host');
  });
  afterAll(async () => {
    hostTcp.close();
    hostUnix.close();
    await arena.close();
  });

  it('net_out, udp, dns, metadata, host_loopback, abstract_uds', async () => {
    const address = hostTcp.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const { output } = await arena.run({
      code: `${CONNECT}
      (async () => say({
        out: await tcp({ host: '1.1.1.1', port: 443 }), out6: await tcp({ host: '2606:4700:4700::1111', port: 443 }),
        udp: await udp('8.8.8.8'), metadata: await tcp({ host: '169.254.169.254', port: 80 }),
        loopback: await tcp({ host: '127.0.0.1', port: ${port} }), abstract: await tcp({ path: '\\0assay-abuse-host' }),
        lookup: await dns.promises.lookup('example.com').then(() => 'resolved', (e) => e.code),
        resolve: await dns.promises.resolve4('example.com').then(() => 'resolved', (e) => e.code),
        localhost: (await dns.promises.lookup('localhost', 4)).address,
        interfaces: Object.keys(require('node:os').networkInterfaces()),
      }))()`,
    });
    expect(JSON.parse(output)).toEqual({
      out: 'ENETUNREACH',
      out6: expect.stringMatching(/ENETUNREACH|EADDRNOTAVAIL/),
      udp: 'ENETUNREACH',
      metadata: 'ENETUNREACH',
      loopback: 'ECONNREFUSED',
      abstract: 'ECONNREFUSED',
      lookup: 'ENOTFOUND',
      resolve: 'ECONNREFUSED',
      localhost: '127.0.0.1',
      interfaces: ['lo'],
    });
  });

  it('the parts of a pod meet on loopback; two pods do not', async () => {
    const pod = await arena.engine.openPod();
    const serve = `require('node:http').createServer((_, res) => res.end('hello')).listen(3000, () => console.log('listening'))`;
    const call = `fetch('http://localhost:3000').then((r) => r.text()).then(console.log, (e) => console.log(e.cause.code))`;
    const server = await arena.start(pod, { code: serve });
    await hasSaid(server, 'listening');
    const checks = await arena.start(pod, { part: 'checks', code: call });
    await checks.exited;
    expect(checks.outputTail()).toBe('hello\n');

    expect((await arena.run({ part: 'checks', code: call })).output).toBe('ECONNREFUSED\n');
    await pod.close();
  });

  it('two pods open at once share neither uid nor cgroup nor network', async () => {
    const pods = await Promise.all([arena.engine.openPod(), arena.engine.openPod()]);
    const containers = await Promise.all(
      pods.map((pod) =>
        arena.start(pod, { code: `console.log(require('node:fs').readlinkSync('/proc/self/ns/net'))` }),
      ),
    );
    await Promise.all(containers.map((container) => container.exited));
    expect(new Set(containers.map((container) => container.uid)).size).toBe(2);
    expect(new Set(containers.map((container) => container.outputTail())).size).toBe(2);
    await Promise.all(pods.map((pod) => pod.close()));
  });
});
