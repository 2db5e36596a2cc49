export * from './competency.js';
export * from './content.js';
export * from './feedback.js';
export { SCORES } from './fields.js';
export * from './level.js';
export * from './picking.js';
export * from './question.js';
export * from './screening.js';
