import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { EngineUnavailable } from '../engine.js';
import { findTool } from '../host-tools.js';
import type { Wall, WallHost } from './wall.js';

/** What no version gives us yet: see libs/sandbox/README.md. */
const UNSEEN =
  'the processes in its sandbox are not processes of this machine, so that checks could neither signal the server nor see its memory';
const NO_DESCRIPTORS =
  'it cannot pass our descriptors into the sandbox, which versions since March 2023 can (runsc run --pass-fd)';

/** gVisor, which may be chosen but is always refused, with what is in the way. */
export async function openRunsc({ toolFolders }: WallHost): Promise<Wall> {
  const runsc = findTool('runsc', 'runsc', toolFolders);
  const run = promisify(execFile);
  const [{ stdout: version }, { stdout: help }] = await Promise.all([
    run(runsc, ['--version'], { env: {} }),
    run(runsc, ['help', 'run'], { env: {} }),
  ]);
  const lacks = help.includes('-pass-fd') ? [] : [NO_DESCRIPTORS];
  const name = version.split('\n')[0]?.replace(' version', '');
  throw new EngineUnavailable(
    [...lacks, UNSEEN].map((why) => `${name} cannot be used: ${why}; use bwrap, crun or runc`),
  );
}
