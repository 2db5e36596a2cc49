import type { CheckOutcome } from './messages.js';

/** Ends a check with a verdict that no assertion has; the message is a sentence for the candidate. */
export class CheckEnd extends Error {
  override name = 'CheckEnd';
  readonly outcome: CheckOutcome;

  constructor(
    verdict: CheckOutcome['verdict'],
    message: string,
    more: Partial<Pick<CheckOutcome, 'expected' | 'actual' | 'connectionLost'>> = {},
  ) {
    super(message);
    this.outcome = { verdict, message, expected: null, actual: null, connectionLost: false, ...more };
  }
}
