import type { EndpointDefinition } from '@assay/contracts/http';
import { Database } from '@assay/db';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { authorise } from './authorise.js';
import type { AssayRequest } from './call.js';
import { ENDPOINT } from './endpoint-metadata.js';

/** Asks, before any handler, whether the caller may do what the endpoint's access says. */
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
    await authorise(request, access, this.db);
    return true;
  }
}
