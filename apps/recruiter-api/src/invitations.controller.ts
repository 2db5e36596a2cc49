import { createInvitation, type InputOf, revokeInvitation } from '@assay/contracts/http';
import { Database, insertInvitation, revokeInvitationOf } from '@assay/db';
import { type Call, CONFIG, type Config, Endpoint } from '@assay/platform';
import { Controller, Inject } from '@nestjs/common';

@Controller()
export class InvitationsController {
  constructor(
    private readonly db: Database,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Endpoint(createInvitation)
  async create(
    { params, body }: InputOf<typeof createInvitation>,
    { caller }: Call<typeof createInvitation>,
  ) {
    const { secret, ...invitation } = await insertInvitation(this.db, caller, params.roleId, body);
    return { ...invitation, url: new URL(`/a/${secret}`, this.config.candidateUrl).href };
  }

  @Endpoint(revokeInvitation)
  revoke({ params }: InputOf<typeof revokeInvitation>, { caller }: Call<typeof revokeInvitation>) {
    return revokeInvitationOf(this.db, caller, params.invitationId);
  }
}
