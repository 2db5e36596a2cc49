import { z } from 'zod';
import { ConsoleReply, ConsoleRequest } from '../http/assessment/console.js';

/** What travels over the Redis streams of one live run. */

/** API → worker. */
export const RunRequest = z.strictObject({ id: z.uuid(), request: ConsoleRequest });
export type RunRequest = z.infer<typeof RunRequest>;

/** Worker → the API that asked, by the request's id. */
export const RunReply = z.strictObject({ id: z.uuid(), reply: ConsoleReply });
export type RunReply = z.infer<typeof RunReply>;
