import type { ConsoleReply, ConsoleRequest } from '@assay/contracts/http';

/** What the worker and the console program say to each other, one JSON document a line. */

/** Worker → console. */
export interface ConsoleCommand {
  id: string;
  request: ConsoleRequest;
}

/** Console → worker. */
export type ConsoleMessage =
  /** Once: the server may start; it is waited for from now on. */
  | { type: 'prepared' }
  /** Once: whether the server came to accept connections within its time. */
  | { type: 'listening'; isUp: boolean }
  | { type: 'reply'; id: string; reply: ConsoleReply };
