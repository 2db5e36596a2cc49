// @ts-expect-error: there is no such file
import { nothing } from './no-such-file.js';

export const contracts: unknown = nothing;
