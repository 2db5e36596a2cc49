import { engine } from '../../sandbox/src/engine.js';

export const gate = (): string => engine();
