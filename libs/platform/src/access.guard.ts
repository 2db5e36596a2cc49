import type { Access, EndpointDefinition } from '@assay/contracts/http';
import { AppError } from '@assay/core/error';
import { isAllowed } from '@assay/core/tenancy';
import { Database, findCandidateCaller, findStaffCaller } from '@assay/db';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type AssayRequest, type Caller, COOKIE } from './call.js';
import { ENDPOINT } from './endpoint-metadata.js';

/** Lets a request through only if its origin is ours and its caller may do what the endpoint's access says. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly db: Database,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<AssayRequest>();
    // create-api.ts refuses to start with a route that is not an endpoint.
    const { access } = this.reflector.get<EndpointDefinition>(ENDPOINT, context.getHandler());
    if (request.method !== 'GET' && request.method !== 'HEAD') assertOwnOrigin(request);
    if (access === 'public') return true;
    request.caller = await this.authenticate(request);
    assertMay(request.caller, access);
    return true;
  }

  private async authenticate(request: AssayRequest): Promise<Caller> {
    const secret = request.cookies[COOKIE[request.realm]];
    if (!secret) throw new AppError('session.required');
    const find = request.realm === 'staff' ? findStaffCaller : findCandidateCaller;
    const caller = await find(this.db, secret);
    if (!caller) throw new AppError('session.expired');
    return caller;
  }
}

/** A browser says where a request comes from; another site's page must not act with our cookie. */
function assertOwnOrigin({ headers: { origin, host }, ownUrl }: AssayRequest): void {
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
