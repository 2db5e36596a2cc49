import type { IncomingMessage } from 'node:http';
import type { Access, Realm } from '@assay/contracts/http';
import { AppError } from '@assay/core/error';
import { isAllowed } from '@assay/core/tenancy';
import { type Database, findCandidateCaller, findStaffCaller } from '@assay/db';
import { fastifyCookie } from '@fastify/cookie';
import { type AssayRequest, type Caller, COOKIE } from './call.js';

/**
 * Lets a request through only if its origin is ours and its caller may do what `access` says; the caller then stands in
 * the request. Throws `request.foreign_origin`, `session.required`, `session.expired` or `access.denied`.
 */
export async function authorise(request: AssayRequest, access: Access, db: Database): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') assertOwnOrigin(request);
  if (access === 'public') return;
  request.caller = await authenticate(request.cookies, request.realm, db);
  assertMay(request.caller, access);
}

/**
 * The same for a request that would become a WebSocket, whatever its method: a page of another site can open one, and
 * read what comes over it.
 */
export async function authoriseUpgrade(
  { headers }: IncomingMessage,
  { access, ownUrl, realm }: { access: Exclude<Access, 'public'>; ownUrl: string; realm: Realm },
  db: Database,
): Promise<Caller> {
  assertOwnOrigin({ headers, ownUrl });
  const caller = await authenticate(fastifyCookie.parse(headers.cookie ?? ''), realm, db);
  assertMay(caller, access);
  return caller;
}

async function authenticate(
  cookies: Record<string, string | undefined>,
  realm: Realm,
  db: Database,
): Promise<Caller> {
  const secret = cookies[COOKIE[realm]];
  if (!secret) throw new AppError('session.required');
  const find = realm === 'staff' ? findStaffCaller : findCandidateCaller;
  const caller = await find(db, secret);
  if (!caller) throw new AppError('session.expired');
  return caller;
}

/** A browser says where a request comes from; another site's page must not act with our cookie. */
function assertOwnOrigin({
  headers: { origin, host },
  ownUrl,
}: Pick<AssayRequest, 'headers' | 'ownUrl'>): void {
  if (origin === undefined) return;
  const isOurs = URL.canParse(origin) && (origin === new URL(ownUrl).origin || new URL(origin).host === host);
  if (!isOurs) throw new AppError('request.foreign_origin', 'Use the pages of this Assay.');
}

function assertMay(caller: Caller, access: Exclude<Access, 'public'>): void {
  const may =
    access === 'candidate'
      ? caller.realm === 'candidate'
      : caller.realm === 'staff' && (access === 'member' || isAllowed(caller.access, access));
  if (!may) throw new AppError('access.denied', 'Ask an owner of your organisation for access.');
}
