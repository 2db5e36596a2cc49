/** Reading YAML that people write: complaints as sentences, each with its line. */
export { describeIssue } from './issue-text.js';
export { readTextFile } from './source-folder.js';
export { type FieldPath, lineOf, renderField } from './yaml-positions.js';
