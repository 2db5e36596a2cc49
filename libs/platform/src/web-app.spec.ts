import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type FastifyInstance, fastify } from 'fastify';
import { openWebApp } from './web-app.js';

describe('the web app', () => {
  let folder: string;
  let server: FastifyInstance;
  let url: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'assay-web-'));
    await mkdir(join(folder, 'assets'));
    await writeFile(join(folder, 'page.html'), '<script nonce="CSP_NONCE"></script><link nonce="CSP_NONCE">');
    await writeFile(join(folder, 'secret.js'), 'not to be had');
    await writeFile(join(folder, 'assets', 'a-1.js'), 'plain');
    await writeFile(join(folder, 'assets', 'a-1.js.gz'), 'zipped');
    await writeFile(join(folder, 'assets', 'a-1.js.br'), 'brotli');
    await writeFile(join(folder, 'assets', 'b-2.css'), 'only plain');
    const web = openWebApp(folder, 'page.html');
    server = fastify();
    web.serveFiles(server);
    server.get('/', (_, reply) => web.sendPage(reply));
    url = await server.listen({ port: 0, host: '127.0.0.1' });
  });
  afterEach(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  it('is a page under a strict policy, with a nonce of its own in each answer', async () => {
    const pages = [await fetch(url), await fetch(url)];
    const nonces = await Promise.all(
      pages.map(async (page) => {
        const policy = page.headers.get('content-security-policy') ?? '';
        const nonce = /style-src 'self' 'nonce-([\w-]+)'/.exec(policy)?.[1];
        expect(policy).not.toMatch(/unsafe|\*|https?:/);
        expect(await page.text()).toBe(`<script nonce="${nonce}"></script><link nonce="${nonce}">`);
        return nonce;
      }),
    );
    expect(new Set(nonces).size).toBe(2);
  });

  it.each([
    ['br, gzip', 'brotli', 'br'],
    ['gzip;q=0.5, deflate', 'zipped', 'gzip'],
    ['identity', 'plain', null],
  ])(
    'gives a file as it was compressed before, to a browser that accepts %s',
    async (accepted, text, encoding) => {
      // Not with fetch, which would unpack it.
      const answer = await new Promise<{ headers: Record<string, unknown>; body: string }>(
        (resolve, reject) => {
          const asked = request(
            `${url}/assets/a-1.js`,
            { headers: { 'accept-encoding': accepted } },
            (response) => {
              let body = '';
              response.on('data', (chunk) => (body += String(chunk)));
              response.on('end', () => resolve({ headers: response.headers, body }));
            },
          );
          asked.on('error', reject).end();
        },
      );
      expect(answer.body).toBe(text);
      expect(answer.headers['content-encoding'] ?? null).toBe(encoding);
      expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
      expect(answer.headers.vary).toBe('accept-encoding');
      expect(answer.headers['content-type']).toBe('text/javascript; charset=utf-8');
    },
  );

  it('gives no file but its own', async () => {
    expect(await (await fetch(`${url}/assets/b-2.css`)).text()).toBe('only plain');
    for (const path of ['/assets/nothing.js', '/assets/..%2fsecret.js', '/assets/a-1.js.gz', '/secret.js']) {
      expect((await fetch(url + path)).status).toBe(404);
    }
  });

  it('says what to do when it is not built', () => {
    expect(() => openWebApp(folder, 'other.html')).toThrow('npm run build');
  });
});
