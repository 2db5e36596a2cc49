import { z } from 'zod';
import { endpoint, NO_CONTENT } from '../endpoint.js';
import { Email, Id, name, Secret, text } from '../fields.js';

export const MEMBER_ACCESS = ['owner', 'recruiter', 'hiring_manager', 'interviewer'] as const;
export const MemberAccess = z.enum(MEMBER_ACCESS);

export const Member = z.object({
  id: Id,
  name: z.string(),
  email: z.string(),
  access: MemberAccess,
  organisation: z.object({ id: Id, name: z.string() }),
});

export const logIn = endpoint({
  method: 'POST',
  path: '/v1/session',
  access: 'public',
  summary: 'Log in as a member',
  status: 200,
  body: z.strictObject({ email: Email, password: z.string().min(1).max(200) }),
  response: Member,
  problems: ['session.wrong_credentials', 'session.throttled'],
});

export const getSession = endpoint({
  method: 'GET',
  path: '/v1/session',
  access: 'member',
  summary: 'Who is logged in',
  status: 200,
  response: Member,
});

export const logOut = endpoint({
  method: 'DELETE',
  path: '/v1/session',
  access: 'member',
  summary: 'Log out: the session is revoked',
  status: 204,
  response: NO_CONTENT,
});

export const setUp = endpoint({
  method: 'POST',
  path: '/v1/setup',
  access: 'public',
  summary: 'Create the organisation and its owner through the one-time set-up link',
  status: 201,
  body: z.strictObject({
    secret: Secret,
    organisation: name(100),
    name: name(100),
    email: Email,
    password: text(12, 200),
  }),
  response: Member,
  problems: ['setup.link_used'],
});
