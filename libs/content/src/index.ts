export { type ContentProblem, renderContentProblem } from './content-problem.js';
export { ContentInvalid, loadContent, writtenContentHash } from './load-content.js';
