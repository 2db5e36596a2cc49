/** What a rule may say no with; the client reads the same code (contracts/problems gives it status and title). */
export type ErrorCode =
  | 'resource.not_found'
  | 'access.denied'
  | 'session.required'
  | 'session.expired'
  | 'session.wrong_credentials'
  | 'session.throttled'
  | 'setup.link_used'
  | 'member.email_taken'
  | 'role.closed'
  | 'role.no_weight'
  | 'candidacy.duplicate'
  | 'task.unknown'
  | 'invitation.duplicate'
  | 'invitation.invalid'
  | 'attempt.closed'
  | 'attempt.not_started'
  | 'attempt.not_closed'
  | 'attempt.on_break'
  | 'attempt.practice_over'
  | 'attempt.request_open'
  | 'attempt.request_answered'
  | 'attempt.consent_required'
  | 'accommodation.only_more'
  | 'break.not_approved'
  | 'break.none_left'
  | 'withdrawal.final'
  | 'archive.refused'
  | 'file.changed_elsewhere'
  | 'file.too_many'
  | 'file.no_room'
  | 'file.path_taken'
  | 'run.not_live'
  | 'submission.final'
  | 'grading.in_progress'
  | 'grading.not_adoptable'
  | 'grading.not_retryable'
  | 'regrade.nothing_to_do'
  | 'regrade.up_to_date'
  | 'kit.changed_elsewhere'
  | 'kit.question_unknown'
  | 'kit.question_twice'
  | 'feedback.not_released'
  | 'content.not_published'
  | 'request.foreign_origin'
  | 'request.in_progress'
  | 'request.key_reused'
  | 'request.rate_limited'
  | 'service.unavailable';

/** A rule that said no, or a thing that is not there. Anything else that is thrown is a bug of ours. */
export class AppError extends Error {
  override name = 'AppError';

  /** `detail`: one plain sentence that says what to do, shown to the caller. */
  constructor(
    readonly code: ErrorCode,
    readonly detail?: string,
    options?: ErrorOptions,
  ) {
    super(detail ?? code, options);
  }
}
