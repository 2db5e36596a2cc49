import { createServer, type Server } from 'node:net';
import { PARTS, type Part, SandboxError } from './engine.js';

/** Above what systemd (to 1879048191) and /etc/subuid hand out, below 2^31. Nobody in /etc/passwd has them. */
const FIRST_UID = 1_901_000_000;
/** Pods of one process: two for each grading at once and one kept ready; a worker has up to 64. And some more. */
const SLOTS_PER_BLOCK = 256;
const BLOCKS = 1_000;

/** Null: the part runs as the worker's own user. */
export type PartUids = Readonly<Record<Part, number | null>>;

/** Outer user ids that no other process on this machine uses while we live. */
export interface UidBlock {
  /** Ids of one pod; throws `SandboxError` when all are taken. */
  take(): PartUids;
  /** Only once every process that ran under them is gone. */
  release(uids: PartUids): void;
  close(): Promise<void>;
}

/** For a worker that is not root and has one user only, its own. */
export function sharedUid(): UidBlock {
  // Every part has its entry: fromEntries only knows strings.
  const uids = Object.fromEntries(PARTS.map((part) => [part, null])) as PartUids;
  return { take: () => uids, release: () => undefined, close: async () => undefined };
}

/**
 * Claims a block by listening on an abstract socket named after it: atomic between processes, and the kernel lets go
 * when this one dies. (Worker processes in different network namespaces, i.e. containers, may claim the same block:
 * they share neither pid namespace nor cgroup either.)
 */
export async function claimUidBlock(): Promise<UidBlock> {
  for (let block = 0; block < BLOCKS; block++) {
    const server = await listenOn(`\0assay-sandbox-uids-${block}`);
    if (server) return openBlock(server, FIRST_UID + block * SLOTS_PER_BLOCK * PARTS.length);
  }
  throw new SandboxError(`all ${BLOCKS} blocks of sandbox user ids are taken by other processes`);
}

function openBlock(server: Server, firstUid: number): UidBlock {
  // First freed, last reused: a straggler would be noticed before its uid comes round again.
  const free = Array.from({ length: SLOTS_PER_BLOCK }, (_, slot) => firstUid + slot * PARTS.length);
  return {
    take() {
      const first = free.shift();
      if (first === undefined)
        throw new SandboxError(`${SLOTS_PER_BLOCK} pods are open already in this process`);
      // Every part has its entry: fromEntries only knows strings.
      return Object.fromEntries(PARTS.map((part, index) => [part, first + index])) as PartUids;
    },
    release: (uids) => void free.push(Number(uids[PARTS[0]])),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function listenOn(name: string): Promise<Server | null> {
  const server = createServer((connection) => connection.destroy());
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(null);
      else reject(new SandboxError(`user ids cannot be claimed: ${error.message}`, { cause: error }));
    });
    server.listen(name, () => {
      server.unref(); // must not keep the worker alive
      resolve(server);
    });
  });
}
