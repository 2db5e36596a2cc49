import { spawn } from 'node:child_process';
import { closeSync, openSync, readlinkSync } from 'node:fs';
import { SandboxError } from './engine.js';
import type { HostTools } from './host-tools.js';

/** A network with loopback only. It lives while this descriptor or a process in it does: nothing stays behind us. */
export interface NetworkNamespace {
  /** Options of nsenter; of use to this user while this process lives. */
  readonly enter: readonly string[];
  /** Its number, unique while it lives. */
  readonly id: string;
  close(): void;
}

const MAKE_WITHIN_MS = 10_000;

/**
 * bwrap makes the namespace and brings loopback up; as root and without a user namespace of its own, so that no
 * sandbox can ever hold a capability over it. An ordinary user has to have one: sandboxes make theirs inside it, and hold
 * nothing over it either. It ends as soon as we hold the namespace open ourselves.
 */
export async function openNetworkNamespace(tools: HostTools, isRoot: boolean): Promise<NetworkNamespace> {
  const kinds = isRoot ? ['net'] : ['user', 'net']; // in the order of entering
  const unshare = kinds.map((kind) => `--unshare-${kind}`);
  const maker = spawn(
    tools.bwrap,
    [...unshare, '--die-with-parent', '--dev-bind', '/', '/', '--', tools.sh, '-c', 'echo $$; read _'],
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
    const id = readlinkSync(`/proc/${pid}/ns/net`);
    if (id === readlinkSync('/proc/self/ns/net'))
      throw new SandboxError("a new network namespace turned out to be the host's own");
    const fds = kinds.map((kind) => openSync(`/proc/${pid}/ns/${kind}`, 'r'));
    return {
      enter: [
        ...(isRoot ? [] : ['--preserve-credentials']),
        ...kinds.map((kind, index) => `--${kind}=/proc/${process.pid}/fd/${fds[index]}`),
      ],
      id: id.replace(/\D/g, ''),
      close: () => {
        for (const fd of fds) closeSync(fd);
      },
    };
  } finally {
    maker.stdin.end();
  }
}
