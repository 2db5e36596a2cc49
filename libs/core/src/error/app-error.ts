/** What went wrong, by the code that the client will read. Each belongs to one kind. */
export const ERROR_KINDS = {
  'resource.not_found': 'not_found',
  'access.denied': 'forbidden',
  'session.required': 'unauthenticated',
  'session.expired': 'unauthenticated',
  'session.wrong_credentials': 'unauthenticated',
  'session.throttled': 'rate_limited',
  'setup.link_used': 'gone',
  'member.email_taken': 'conflict',
  'role.closed': 'conflict',
  'role.no_weight': 'invalid',
  'candidacy.duplicate': 'conflict',
  'task.unknown': 'invalid',
  'invitation.duplicate': 'conflict',
  'invitation.invalid': 'gone',
  'attempt.closed': 'conflict',
  'attempt.not_started': 'conflict',
  'attempt.consent_required': 'conflict',
  'file.changed_elsewhere': 'conflict',
  'file.too_many': 'invalid',
  'submission.final': 'conflict',
  'grading.in_progress': 'conflict',
  'grading.not_adoptable': 'conflict',
  'request.foreign_origin': 'forbidden',
  'request.in_progress': 'conflict',
  'request.key_reused': 'invalid',
  'service.unavailable': 'unavailable',
} as const;

export type ErrorCode = keyof typeof ERROR_KINDS;
export type ErrorKind = (typeof ERROR_KINDS)[ErrorCode] | 'bug';

/** A rule that said no, or a thing that is not there. Anything else that is thrown is a bug of ours. */
export class AppError extends Error {
  override name = 'AppError';
  readonly kind: ErrorKind;

  /** `detail`: one plain sentence that says what to do, shown to the caller. */
  constructor(
    readonly code: ErrorCode,
    readonly detail?: string,
    options?: ErrorOptions,
  ) {
    super(detail ?? code, options);
    this.kind = ERROR_KINDS[code];
  }

  /** Whether the same call may succeed later without a change. */
  get retryable(): boolean {
    return this.kind === 'unavailable' || this.kind === 'rate_limited';
  }
}
