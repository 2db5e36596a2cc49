export { type ArchiveCaps, ArchiveRefused } from './intake.js';
export { isArchiveName, readArchive } from './read-archive.js';
export { writeZip } from './write-zip.js';
