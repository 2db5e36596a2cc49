// An API must not reach the sandbox, and reaches no package by its files.
import { engine } from '../../../libs/sandbox/src/engine.js';

export const main = [engine];
