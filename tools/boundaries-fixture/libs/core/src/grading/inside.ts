// A rule must not do I/O, nor know the database.
import { existsSync } from 'node:fs';
import type { Row } from '../../../db/src/index.js';

export const inside = (row: Row) => existsSync(row.path);
