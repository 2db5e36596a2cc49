// Factories must not ship.
import { factory } from '../../testing/src/index.js';

export interface Row {
  path: string;
}
export const rows = [factory];
