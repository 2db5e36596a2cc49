import { chmod, mkdir, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SandboxError } from './engine.js';

/** Others may pass through, and list nothing. */
const PASSAGE_MODE = 0o711;
const OTHERS_EXECUTE = 0o001;
const OTHERS_WRITE = 0o002;
const STICKY = 0o1000;

/**
 * Makes `folder` and returns its real path; throws `SandboxError`, saying what to do, when a sandbox's uid could not
 * pass through one of its parents, where that is not our own (bwrap would only say "Can't find source path"), or when others could replace it.
 */
export async function makeTraversableFolder(folder: string, areSandboxesOthers: boolean): Promise<string> {
  const real = await realpath(await makePassage(folder));
  for (let at = real; ; at = dirname(at)) {
    const { mode } = await stat(at);
    if (areSandboxesOthers && (mode & OTHERS_EXECUTE) === 0)
      throw new SandboxError(
        `sandboxes cannot reach ${real}: other users may not pass through ${at}; ` +
          `set ASSAY_HOME to a folder like /var/lib/assay, or run: chmod o+x ${at}`,
      );
    if ((mode & OTHERS_WRITE) !== 0 && (mode & STICKY) === 0)
      throw new SandboxError(`anybody may replace what is in ${at}; run: chmod o-w ${at}`);
    if (at === dirname(at)) return real;
  }
}

/** A folder below a traversable one, passable whatever this process's umask is. */
export async function makePassage(...path: string[]): Promise<string> {
  const folder = join(...path);
  await mkdir(folder, { recursive: true, mode: PASSAGE_MODE });
  await chmod(folder, PASSAGE_MODE);
  return folder;
}
