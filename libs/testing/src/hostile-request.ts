import type { WantedAnswer } from './answer-fault.js';
import type { RawRequest } from './raw-request.js';

/** A request that no client of ours sends, with what it must be answered. */
export interface HostileRequest extends WantedAnswer {
  what: string;
  request: RawRequest;
}
