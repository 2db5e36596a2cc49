import type { SourceFile } from '@assay/contracts';
import {
  createFile,
  deleteFile,
  listFiles,
  renameFile,
  replaceProject,
  toFiles,
  utf8Length,
  whyNotThere,
} from '@assay/workspace-document';
import { api } from '../../api.js';
import { saveAs } from '../../attempt/save-as.js';
import type { WorkspaceSession } from '../document/workspace-session.js';
import type { Notices } from '../layout/notice.js';
import { sentenceOf } from '../run/task-runs.js';

const ARCHIVE_BYTES = 700_000;

/** What is done to the files of a task, each with its way back. Refusals are sentences. */
export class FileWork {
  constructor(
    private readonly session: WorkspaceSession,
    private readonly notices: Notices,
  ) {}

  /** Gives the new file's id, or why there may be none. */
  create(path: string): { id: string } | { refused: string } {
    const refused = this.whyNot(path, null);
    return refused ? { refused } : { id: createFile(this.session.doc, path, '') };
  }

  rename(id: string, path: string): string | null {
    const before = this.session.find(id)?.path;
    const refused = this.whyNot(path, id);
    if (refused || before === undefined) return refused;
    renameFile(this.session.doc, id, path);
    this.notices.say(`${before} is now ${path}.`, () => renameFile(this.session.doc, id, before));
    return null;
  }

  /** `onUndone` is given the id under which the file is back. */
  delete(id: string, onUndone: (id: string) => void): void {
    const file = this.session.find(id);
    if (!file) return;
    const { path } = file;
    const content = file.text.toJSON();
    deleteFile(this.session.doc, id);
    this.notices.say(`${path} is deleted.`, () => onUndone(createFile(this.session.doc, path, content)));
  }

  /** The whole project as a zip, once everything is in it. */
  async download(): Promise<void> {
    try {
      if (!(await this.session.whenSaved(5_000))) {
        return this.notices.warn('Your last edits are not with us yet: download again once they are saved.');
      }
      const { taskId } = this.session;
      const { archive } = await api.getFiles({ params: { taskId } });
      const bytes = Uint8Array.from(atob(archive), (letter) => letter.charCodeAt(0));
      saveAs(`${taskId}.zip`, new Blob([bytes], { type: 'application/zip' }));
    } catch (error) {
      this.notices.warn(sentenceOf(error));
    }
  }

  /** Puts what a zip or tar.gz holds in the place of all files, all of it or nothing. */
  async upload(archive: File): Promise<void> {
    if (archive.size > ARCHIVE_BYTES) {
      return this.notices.warn(
        `${archive.name} is too large: an archive may have ${ARCHIVE_BYTES / 1_000} kB. Leave out what is not source.`,
      );
    }
    const before = toFiles(this.session.doc);
    try {
      const { taskId } = this.session;
      const body = { archive: toBase64(new Uint8Array(await archive.arrayBuffer())) };
      const { files } = await api.replaceFiles({ params: { taskId }, body });
      const count = files.length === 1 ? '1 file' : `${files.length} files`;
      this.notices.say(`${count} of ${archive.name} are your project now.`, () => this.replace(before));
    } catch (error) {
      this.notices.warn(`${archive.name}: ${sentenceOf(error)}`);
    }
  }

  /** Begins again from what the task gave. */
  reset(starter: readonly SourceFile[]): void {
    const before = toFiles(this.session.doc);
    this.replace(starter);
    this.notices.say('All files are as they were at the start.', () => this.replace(before));
  }

  private replace(files: readonly SourceFile[]): void {
    replaceProject(this.session.doc, files);
  }

  private whyNot(path: string, ownId: string | null): string | null {
    const others = listFiles(this.session.doc)
      .filter(({ id }) => id !== ownId)
      .map((file) => ({ path: file.path, bytes: utf8Length(file.text.toJSON()) }));
    return whyNotThere(others, path)?.detail ?? null;
  }
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
