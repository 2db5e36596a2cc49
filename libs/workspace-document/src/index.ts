export {
  createFile,
  type DocumentFile,
  deleteFile,
  listFiles,
  renameFile,
  replaceProject,
  toFiles,
  writeFile,
} from './files.js';
export {
  type Refusal,
  utf8Length,
  whyNotSaved,
  whyNotThere,
} from './limits.js';
export { projectFiles, type UnsavedFile } from './projection.js';
