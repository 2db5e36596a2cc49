export type MemberAccess = 'owner' | 'recruiter' | 'hiring_manager' | 'interviewer';

export type StaffAction =
  | 'role:create'
  | 'role:read'
  | 'role:close'
  | 'candidacy:create'
  | 'candidacy:read'
  | 'candidacy:invite'
  | 'assessment:create'
  | 'assessment:read'
  | 'submission:read'
  | 'submission:regrade'
  | 'kit:edit'
  | 'feedback:release'
  | 'queue:read'
  | 'attempt:support';

const onTheOrganisation: readonly StaffAction[] = [
  'role:create',
  'role:read',
  'role:close',
  'candidacy:create',
  'candidacy:read',
  'candidacy:invite',
  'assessment:create',
  'assessment:read',
  'submission:read',
  'submission:regrade',
  'attempt:support',
  'kit:edit',
  'feedback:release',
];

/**
 * Which kind of member may do what. Owners and recruiters act on the whole organisation, hiring managers on the roles
 * that they are on; interviewers see their interviews only, which is none of these. The queues belong to the system.
 */
const ALLOWED: Record<MemberAccess, readonly StaffAction[]> = {
  owner: [...onTheOrganisation, 'queue:read'],
  recruiter: onTheOrganisation,
  hiring_manager: ['role:read', 'candidacy:read', 'assessment:read', 'submission:read', 'kit:edit'],
  interviewer: [],
};

export function isAllowed(access: MemberAccess, action: StaffAction): boolean {
  return ALLOWED[access].includes(action);
}

/** Whether a member's sight ends at the roles they are on. */
export function seesOwnRolesOnly(access: MemberAccess): boolean {
  return access === 'hiring_manager' || access === 'interviewer';
}
