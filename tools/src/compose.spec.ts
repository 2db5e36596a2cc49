import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { ENVIRONMENT, parseConfig } from '../../libs/platform/src/config.js';

const ROOT = join(import.meta.dirname, '../..');

interface Service {
  image: string;
  build?: { target: string };
  command?: string[];
  environment?: Record<string, string | number>;
  secrets?: string[];
  privileged?: boolean;
  volumes?: string[];
  networks?: string[];
  security_opt?: string[];
}

interface Compose {
  services: Record<string, Service>;
  secrets: Record<string, { file: string }>;
  networks: Record<string, { internal?: boolean } | null>;
}

const text = await readFile(join(ROOT, 'docker-compose.yml'), 'utf8');
const compose = parse(text, { merge: true }) as Compose;
const dockerfile = await readFile(join(ROOT, 'Dockerfile'), 'utf8');
const services = Object.entries(compose.services);
const ours = services.filter(([, { build }]) => build);

const settingOf = (name: string) => name.replace(/_FILE$/, '');

test('every variable that docker-compose.yml and the Dockerfile set is one of the configuration', () => {
  const inCompose = ours.flatMap(([, { environment = {} }]) => Object.keys(environment));
  const inDockerfile = [...dockerfile.matchAll(/^ENV (.+)$/gm)].flatMap(([, pairs = '']) =>
    [...pairs.matchAll(/(\w+)=/g)].map(([, name = '']) => name),
  );
  const interpolated = [...text.matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name);
  const named = [...inCompose, ...inDockerfile, ...interpolated];
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((name) => !(settingOf(name) in ENVIRONMENT.shape))).toEqual([]);
});

test('each process gets what it needs to start', () => {
  const url = 'postgresql://assay@postgres/assay';
  const sample: Record<string, string> = {
    REDIS_URL: 'redis://redis',
    DATABASE_URL: url,
    WORKER_DATABASE_URL: url,
  };
  for (const [name, { environment = {} }] of ours.filter(([service]) => service !== 'migrate')) {
    const given = Object.entries(environment).map(([variable, value]) => {
      const setting = settingOf(variable);
      return [
        setting,
        sample[setting] ??
          String(value)
            .replace(/^\$\{\w+:-?(\w+)\}$/, '$1')
            .replace(/^\$\{.*\}$/, 'https://assay.example'),
      ];
    });
    const config = parseConfig({ ASSAY_HOME: '/var/lib/assay', ...Object.fromEntries(given) });
    expect(name === 'grading-worker' ? config.workerDatabaseUrl : config.databaseUrl).toBe(url);
    expect(config.host).toBe('0.0.0.0');
  }
});

test('the secrets that a service names are declared, and made by deploy/make-secrets.sh', async () => {
  const script = await readFile(join(ROOT, 'deploy/make-secrets.sh'), 'utf8');
  const used = new Set(services.flatMap(([, { secrets = [] }]) => secrets));
  expect([...used].sort()).toEqual(Object.keys(compose.secrets).sort());
  for (const [name, { file }] of Object.entries(compose.secrets)) {
    expect(file).toBe(`deploy/secrets/${name}`);
    expect(script).toMatch(new RegExp(`^write ${name} `, 'm'));
  }
  for (const [, { environment = {}, secrets = [] }] of services) {
    const files = Object.values(environment).filter((value) => String(value).startsWith('/run/secrets/'));
    expect(files.filter((file) => !secrets.includes(String(file).replace('/run/secrets/', '')))).toEqual([]);
  }
});

test('no service is privileged or reaches the engine, and the worker reaches nobody but Postgres and Redis', () => {
  for (const [, service] of services) {
    expect(service.privileged).toBeUndefined();
    expect((service.volumes ?? []).join()).not.toContain('docker.sock');
  }
  expect(compose.services['grading-worker']?.networks).toEqual(['data']);
  expect(compose.networks.data?.internal).toBe(true);
});

test('what the files point to is there, and the APIs’ image holds neither tasks nor what runs code', () => {
  const targets = [...dockerfile.matchAll(/ AS (\w+)$/gm)].map(([, name]) => name);
  for (const [, { build }] of ours) expect(targets).toContain(build?.target);
  for (const [, main = ''] of [...dockerfile.matchAll(/(?:apps|tools)\/([\w-]+)\/dist/g)]) {
    expect(existsSync(join(ROOT, 'apps', main, 'src')) || main === 'tools').toBe(true);
  }
  const api = dockerfile.slice(dockerfile.indexOf('AS api'), dockerfile.indexOf('AS migrate'));
  expect(api).not.toMatch(/content|libs\/(sandbox|grading|tasks)|COPY --from=build \/app\/libs libs/);
  expect(api).toContain('USER node');
});
