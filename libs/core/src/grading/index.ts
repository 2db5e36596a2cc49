export * from './grading.js';
