import { z } from 'zod';

interface ProblemSpec {
  status: number;
  title: string;
}

/** Every problem a client may meet: its code, status and what it means in words. The detail says what to fix. */
export const PROBLEMS = {
  'request.malformed': { status: 400, title: 'The request could not be read' },
  'request.invalid': { status: 422, title: 'Some fields are not right' },
  'request.unsupported_media_type': { status: 415, title: 'Send JSON' },
  'request.too_large': { status: 413, title: 'The request is too large' },
  'request.foreign_origin': { status: 403, title: 'This request came from another site' },
  'request.in_progress': { status: 409, title: 'The same request is being worked on' },
  'request.key_reused': { status: 422, title: 'This Idempotency-Key was used for another request' },
  'request.rate_limited': { status: 429, title: 'Too many requests' },
  'route.not_found': { status: 404, title: 'There is nothing here' },
  'resource.not_found': { status: 404, title: 'Not found' },
  'session.required': { status: 401, title: 'Log in first' },
  'session.expired': { status: 401, title: 'Your session has ended: log in again' },
  'session.wrong_credentials': { status: 401, title: 'Email or password is wrong' },
  'session.throttled': { status: 429, title: 'Too many failed log-ins: wait a minute' },
  'access.denied': { status: 403, title: 'You may not do this' },
  'setup.link_used': { status: 410, title: 'This set-up link is no longer valid' },
  'member.email_taken': { status: 409, title: 'A member with this email exists' },
  'role.closed': { status: 409, title: 'This role is closed' },
  'role.no_weight': { status: 422, title: 'A role needs at least one competency with weight' },
  'candidacy.duplicate': { status: 409, title: 'This candidate is in the role already' },
  'task.unknown': { status: 422, title: 'A task of this assessment is not published' },
  'invitation.duplicate': { status: 409, title: 'An invitation is open for this candidate already' },
  'invitation.invalid': { status: 410, title: 'This invitation is no longer valid' },
  'attempt.closed': { status: 409, title: 'This attempt is closed' },
  'attempt.not_started': { status: 409, title: 'This attempt has not been started' },
  'attempt.not_closed': { status: 409, title: 'This attempt is not closed yet' },
  'attempt.on_break': { status: 409, title: 'You are on a break' },
  'attempt.practice_over': { status: 409, title: 'The practice ended when the clock started' },
  'attempt.request_open': { status: 409, title: 'You have asked for this already' },
  'attempt.request_answered': { status: 409, title: 'This request has been answered' },
  'accommodation.only_more': {
    status: 409,
    title: 'What was granted cannot be taken back while the clock runs',
  },
  'break.not_approved': { status: 409, title: 'No breaks were approved for this attempt' },
  'break.none_left': { status: 409, title: 'All approved breaks have been taken' },
  'withdrawal.final': { status: 409, title: 'This withdrawal can no longer be taken back' },
  'attempt.consent_required': { status: 409, title: 'Consent comes before the start' },
  'archive.refused': { status: 422, title: 'The archive cannot be taken as a project' },
  'file.changed_elsewhere': { status: 409, title: 'This file was changed elsewhere' },
  'file.no_room': { status: 422, title: 'The project is too large' },
  'file.path_taken': { status: 409, title: 'A file and a folder cannot have one name' },
  'file.too_many': { status: 422, title: 'The project has too many files' },
  'run.not_live': { status: 409, title: 'This run has no live server' },
  'submission.final': { status: 409, title: 'This task has been submitted: that is final' },
  'grading.in_progress': { status: 409, title: 'A grading of this submission is under way' },
  'grading.not_adoptable': { status: 409, title: 'Only a completed grading can be adopted' },
  'grading.not_retryable': { status: 409, title: 'Only a grading that needs attention can be tried again' },
  'regrade.nothing_to_do': { status: 409, title: 'There is nothing to regrade' },
  'regrade.up_to_date': { status: 409, title: 'This submission is graded with the newest version' },
  'kit.changed_elsewhere': { status: 409, title: 'This kit was changed meanwhile' },
  'kit.question_unknown': { status: 422, title: 'A question of this kit is not in the content' },
  'kit.question_twice': { status: 422, title: 'A question is in this kit twice' },
  'feedback.not_released': { status: 404, title: 'Your feedback is not here yet' },
  'content.not_published': { status: 503, title: 'The written content is not published' },
  'service.unavailable': { status: 503, title: 'Assay cannot do this right now' },
  'service.bug': { status: 500, title: 'Something went wrong on our side' },
} as const satisfies Record<string, ProblemSpec>;

export type ProblemCode = keyof typeof PROBLEMS;

export const ProblemCode = z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]);

/** RFC 9457 problem document. `errors[].pointer` is a JSON pointer into the body, or `/params/…`, `/query/…`, `/headers/…`. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: ProblemCode,
  detail: z.string().optional(),
  requestId: z.string(),
  errors: z.array(z.object({ pointer: z.string(), code: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof Problem>;
