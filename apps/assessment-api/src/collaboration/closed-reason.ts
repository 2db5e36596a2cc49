import type { CollaborationMessage } from '@assay/contracts/events';
import { AppError, type ErrorCode } from '@assay/core/error';

export type ClosedReason = Extract<CollaborationMessage, { type: 'closed' }>['reason'];

const REASONS: Partial<Record<ErrorCode, ClosedReason>> = {
  'submission.final': 'submitted',
  'attempt.closed': 'closed',
  'attempt.on_break': 'break',
  'attempt.practice_over': 'practice_over',
};

/** Why a document can only be read, if that is what went wrong. */
export function closedReason(error: unknown): ClosedReason | null {
  return (error instanceof AppError && REASONS[error.code]) || null;
}

/** For good: what arrives now is late. After a break it is not. */
export const isOver = (reason: ClosedReason): boolean => reason === 'submitted' || reason === 'closed';
