// One context reaches into another past its index.
import { inside } from '../grading/inside.js';

export const hiring = [inside];
