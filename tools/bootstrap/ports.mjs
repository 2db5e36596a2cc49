import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { PlainError } from './plain-error.mjs';

/** What listens where, as an offset from ASSAY_PORT. */
const offsets = {
  recruiterApi: 0,
  assessmentApi: 1,
  workerHealth: 2,
  postgres: 3,
  redis: 4,
  recruiterMetrics: 5,
  assessmentMetrics: 6,
  workerMetrics: 7,
};
const titles = {
  recruiterApi: 'recruiter API',
  assessmentApi: 'assessment API',
  workerHealth: "worker's health",
  postgres: 'embedded Postgres',
  redis: 'private Redis',
  recruiterMetrics: "recruiter API's metrics",
  assessmentMetrics: "assessment API's metrics",
  workerMetrics: "worker's metrics",
};

const portsFrom = (first) =>
  Object.fromEntries(Object.entries(offsets).map(([name, offset]) => [name, first + offset]));

/** The ports of this installation by what listens there. Throws a PlainError when ASSAY_PORT is no usable port. */
export function readPorts() {
  const text = process.env.ASSAY_PORT ?? '3000';
  const first = Number(text);
  if (!Number.isInteger(first) || first < 1 || first > 65_528) {
    throw new PlainError(`ASSAY_PORT must be a port between 1 and 65528, not "${text}"`);
  }
  return portsFrom(first);
}

/** Resolves to the error code that listening there gives, or undefined when it works. */
const tryListening = (port, host) =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(error.code));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
  });

/** Ends the command when one of the named ports is taken: `names` are keys of what `readPorts` gives. */
export async function demandFreePorts(ports, names) {
  for (const name of names) {
    for (const host of ['0.0.0.0', '127.0.0.1', '::']) {
      const code = await tryListening(ports[name], host);
      // A machine without IPv6 answers EAFNOSUPPORT or EADDRNOTAVAIL: nothing can listen there then.
      if (code !== 'EADDRINUSE' && code !== 'EACCES') continue;
      const problem = code === 'EACCES' ? 'is not allowed to this user' : 'is taken by another program';
      throw new PlainError(
        `port ${ports[name]} (${titles[name]}) ${problem}. Nothing was started.\n` +
          `  Assay uses ${Object.values(ports).at(0)} to ${Object.values(ports).at(-1)}; choose others with ASSAY_PORT, e.g. ASSAY_PORT=${ports.recruiterApi + 1000} npm start`,
      );
    }
  }
}

/** Ports in a row, as `readPorts` gives them, that are free at the moment: for a system that lives as long as one run. */
export async function findFreePorts() {
  for (;;) {
    const ports = portsFrom(randomInt(20_000, 32_000));
    const codes = await Promise.all(Object.values(ports).map((port) => tryListening(port, '127.0.0.1')));
    if (codes.every((code) => code === undefined)) return ports;
  }
}

/** A port that is free at the moment, for services that live as long as one test run. */
export const findFreePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
