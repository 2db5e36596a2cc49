import { isUtf8 } from 'node:buffer';
import { type SourceFile, SourcePath } from '@assay/contracts';

/** What an archive may unpack to. */
export interface ArchiveCaps {
  files: number;
  fileBytes: number;
  /** Of all files together. */
  totalBytes: number;
}

/** Nobody reads more. */
const MAX_REFUSALS = 20;

/** Entries of an archive, folders and what is left out included. */
const MAX_ENTRIES = 2_000;

/** Vendored packages, history, and what file managers add: none of it is part of a project. */
const FOREIGN = /(?:^|\/)(?:node_modules|\.git|__MACOSX|\.DS_Store)(?:\/|$)/;

/** An archive cannot be taken as a project; `reasons` says all that is wrong, in sentences that name the entry. */
export class ArchiveRefused extends Error {
  override name = 'ArchiveRefused';
  constructor(readonly reasons: readonly string[]) {
    super(`the archive cannot be taken:\n${reasons.map((reason) => `  ${reason}`).join('\n')}`);
  }
}

/** Collects the files of an archive, and says no to what no project may hold. Nothing is ever written to a disk. */
export class Intake {
  private readonly files = new Map<string, string>();
  private readonly lowerCase = new Map<string, string>();
  private readonly reasons: string[] = [];
  private entries = 0;
  private bytes = 0;

  constructor(readonly caps: ArchiveCaps) {}

  /** Counts an entry, however it is called. Throws when there are too many. */
  count(): void {
    this.entries += 1;
    if (this.entries > MAX_ENTRIES)
      this.stop(`It holds more than ${MAX_ENTRIES} entries: leave node_modules and build results out.`);
  }

  /** Where a file or folder of this name goes in the project, or null when it is left out or refused. */
  placeOf(name: string, isFolder: boolean): string | null {
    const path = name.replace(/^(?:\.\/)+/, '');
    if (FOREIGN.test(path) || (isFolder && ['', '.'].includes(path))) return null;
    if (!SourcePath.safeParse(path).success) {
      this.refuse(
        path,
        'is no path inside a project: a name is relative, of printable ASCII, without "..", at most 200 characters',
      );
      return null;
    }
    if (isFolder) return path;
    const same = this.lowerCase.get(path.toLowerCase());
    if (same !== undefined) {
      this.refuse(path, same === path ? 'is there twice' : `differs from ${show(same)} only in its case`);
      return null;
    }
    this.lowerCase.set(path.toLowerCase(), path);
    if (this.lowerCase.size > this.caps.files) this.stop(`It holds more than ${this.caps.files} files.`);
    return path;
  }

  /** Whether a file of that size may be read at all: what is said of it may be wrong, `take` counts what comes. */
  hasRoomFor(path: string, bytes: number): boolean {
    if (bytes <= this.caps.fileBytes) return true;
    this.refuse(path, `is larger than ${this.caps.fileBytes / 1024} KiB`);
    return false;
  }

  take(path: string, content: Buffer): void {
    this.bytes += content.length;
    if (this.bytes > this.caps.totalBytes)
      this.stop(`It unpacks to more than ${this.caps.totalBytes / 1024 / 1024} MiB.`);
    if (!isUtf8(content)) this.refuse(path, 'is not UTF-8 text');
    // UTF-8 allows NUL, but Postgres cannot store it as text, and no source file needs it.
    else if (content.includes(0)) this.refuse(path, 'contains a NUL character');
    else this.files.set(path, content.toString('utf8'));
  }

  refuse(path: string, why: string): void {
    this.reasons.push(`${show(path)} ${why}.`);
    if (this.reasons.length >= MAX_REFUSALS) throw new ArchiveRefused(this.reasons);
  }

  /** For what makes it useless to read on. */
  stop(reason: string): never {
    throw new ArchiveRefused([...this.reasons, reason]);
  }

  /**
   * The files, sorted by path; where everything lies in one folder, that folder is the project. Throws `ArchiveRefused`
   * when anything was refused.
   */
  finish(): SourceFile[] {
    const paths = [...this.files.keys()].sort();
    for (const path of paths) {
      const parent = paths.find((other) => path.startsWith(`${other}/`));
      if (parent !== undefined) this.refuse(parent, `is a file, and a folder that holds ${show(path)}`);
    }
    if (this.reasons.length > 0) throw new ArchiveRefused(this.reasons);
    if (paths.length === 0) this.stop('It holds no files.');
    const top = commonFolder(paths);
    return paths.map((path) => ({ path: path.slice(top.length), content: this.files.get(path) ?? '' }));
  }
}

/** e.g. `project/`, or nothing. */
function commonFolder(paths: readonly string[]): string {
  const [folder] = paths[0]?.match(/^[^/]+\//) ?? [];
  return folder !== undefined && paths.every((path) => path.startsWith(folder)) ? folder : '';
}

/** A name from outside, so that it can be read in one line. */
const show = (name: string) => JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}…` : name);

/** What a library threw; its errors need not be of this realm. */
export const messageOf = (error: unknown) => (error as Partial<Error> | null)?.message ?? String(error);
