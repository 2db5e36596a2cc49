import { lstat, readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { SourceFile } from '@assay/contracts';
import { BUNDLE_CAPS, type TaskBundle } from './bundle.js';
import { fileContradictions } from './bundle-consistency.js';
import { loadManifest, MANIFEST_FILE } from './load-manifest.js';
import { RECEIPT_FILE } from './receipt.js';
import { type FolderRule, readSourceFolder, readTextFile } from './source-folder.js';
import { TaskInvalid, type TaskProblem } from './task-invalid.js';

const BRIEF_FILE = 'brief.md';
const FOLDERS = ['starter', 'reference', 'checks', 'mutants'];
const KNOWN_ENTRIES = new Set([MANIFEST_FILE, BRIEF_FILE, RECEIPT_FILE, ...FOLDERS]);

const caps = {
  fileBytes: BUNDLE_CAPS.fileBytes,
  files: BUNDLE_CAPS.filesPerFolder,
  totalBytes: BUNDLE_CAPS.totalBytes,
};

const refuseForeign: FolderRule = (name) => (name === 'node_modules' || name === '.git' ? 'refuse' : 'read');

async function takeFolder(task: string, folder: string, problems: TaskProblem[]): Promise<SourceFile[]> {
  const entry = await lstat(join(task, folder)).catch(() => null);
  if (!entry?.isDirectory()) {
    problems.push({
      file: folder,
      line: null,
      field: null,
      message: entry ? 'is not a folder' : 'is missing',
    });
    return [];
  }
  const { files, refusals } = await readSourceFolder(join(task, folder), refuseForeign, caps);
  for (const { path, message } of refusals) {
    problems.push({ file: path === '' ? folder : `${folder}/${path}`, line: null, field: null, message });
  }
  return files;
}

async function takeMutants(task: string, problems: TaskProblem[]): Promise<TaskBundle['mutants']> {
  const entry = await lstat(join(task, 'mutants')).catch(() => null);
  if (!entry) return [];
  if (!entry.isDirectory()) {
    problems.push({ file: 'mutants', line: null, field: null, message: 'is not a folder' });
    return [];
  }
  const mutants: TaskBundle['mutants'] = [];
  for (const name of (await readdir(join(task, 'mutants'))).sort()) {
    const files = await takeFolder(task, `mutants/${name}`, problems);
    if (files.length > 0) mutants.push({ name, files });
  }
  return mutants;
}

async function takeBrief(task: string, problems: TaskProblem[]): Promise<string> {
  const read = await readTextFile(join(task, BRIEF_FILE), BUNDLE_CAPS.fileBytes);
  const complaint =
    'refused' in read
      ? read.refused.includes('ENOENT')
        ? 'is missing'
        : read.refused
      : read.content.trim() === ''
        ? 'is empty'
        : null;
  if (complaint !== null) problems.push({ file: BRIEF_FILE, line: null, field: null, message: complaint });
  return 'content' in read ? read.content : '';
}

/**
 * Reads a task's folder and checks everything that can be known without running it.
 * Throws `TaskInvalid` with every problem found; symbolic links and unknown entries are problems too,
 * so that nothing in the folder can escape the content hash.
 */
export async function loadTask(dir: string): Promise<TaskBundle> {
  const folder = resolve(dir);
  const name = basename(folder);
  const entries = await readdir(folder).catch(() => null);
  if (entries === null) {
    throw new TaskInvalid(name, [
      { file: '.', line: null, field: null, message: `${folder} is not a folder` },
    ]);
  }
  const { manifest, problems, locate } = await loadManifest(folder);
  for (const entry of entries.filter((candidate) => !KNOWN_ENTRIES.has(candidate)).sort()) {
    problems.push({ file: entry, line: null, field: null, message: 'is not part of a task' });
  }
  const brief = await takeBrief(folder, problems);
  const starter = await takeFolder(folder, 'starter', problems);
  const reference = await takeFolder(folder, 'reference', problems);
  const checks = await takeFolder(folder, 'checks', problems);
  const mutants = await takeMutants(folder, problems);
  if (manifest === null) throw new TaskInvalid(name, problems);

  const bundle: TaskBundle = { manifest, brief, starter, reference, checks, mutants };
  if (manifest.id !== name) {
    problems.push(
      locate({ path: ['id'], file: MANIFEST_FILE, message: `must be the folder's name, ${name}` }),
    );
  }
  problems.push(...fileContradictions(bundle).map(locate));
  if (problems.length > 0) throw new TaskInvalid(name, problems);
  return bundle;
}
