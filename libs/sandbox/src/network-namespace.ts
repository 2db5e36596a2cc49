import { spawn } from 'node:child_process';
import { closeSync, openSync, readlinkSync } from 'node:fs';
import { SandboxError } from './engine.js';
import type { HostTools } from './host-tools.js';

/** A network with loopback only. It lives while this descriptor or a process in it does: nothing stays behind us. */
export interface NetworkNamespace {
  /** For `nsenter --net=`; readable by root while this process lives. */
  readonly path: string;
  close(): void;
}

const MAKE_WITHIN_MS = 10_000;

/**
 * bwrap makes the namespace and brings loopback up; as root and without a user namespace of its own, so that no
 * sandbox can ever hold a capability over it. It ends as soon as we hold the namespace open ourselves.
 */
export async function openNetworkNamespace(tools: HostTools): Promise<NetworkNamespace> {
  const maker = spawn(
    tools.bwrap,
    ['--unshare-net', '--die-with-parent', '--dev-bind', '/', '/', '--', tools.sh, '-c', 'echo $$; read _'],
    { stdio: ['pipe', 'pipe', 'pipe'], env: {}, timeout: MAKE_WITHIN_MS },
  );
  maker.stdin.on('error', () => undefined); // it may be gone before us
  const pid = await new Promise<number>((resolve, reject) => {
    let said = '';
    maker.stderr.on('data', (chunk) => {
      said += chunk;
    });
    maker.once('error', (cause) => reject(new SandboxError(`${tools.bwrap}: ${cause.message}`, { cause })));
    maker.once('close', () => reject(new SandboxError(`a network namespace cannot be made: ${said.trim()}`)));
    maker.stdout.once('data', (chunk) => resolve(Number(chunk)));
  });
  try {
    const fd = openSync(`/proc/${pid}/ns/net`, 'r');
    if (readlinkSync(`/proc/self/fd/${fd}`) === readlinkSync('/proc/self/ns/net')) {
      closeSync(fd);
      throw new SandboxError("a new network namespace turned out to be the host's own");
    }
    return { path: `/proc/${process.pid}/fd/${fd}`, close: () => closeSync(fd) };
  } finally {
    maker.stdin.end();
  }
}
