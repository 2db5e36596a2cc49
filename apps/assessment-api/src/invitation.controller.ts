import { type InputOf, readInvitation } from '@assay/contracts/http';
import { AppError } from '@assay/core/error';
import { Database, findOpenInvitation } from '@assay/db';
import { Endpoint } from '@assay/platform';
import { Controller } from '@nestjs/common';

@Controller()
export class InvitationController {
  constructor(private readonly db: Database) {}

  /** A POST, so that no address holds the secret. */
  @Endpoint(readInvitation)
  async read({ body }: InputOf<typeof readInvitation>) {
    const invitation = await findOpenInvitation(this.db, body.secret);
    if (!invitation) {
      throw new AppError('invitation.invalid', 'Ask the person who invited you for a new link.');
    }
    return invitation;
  }
}
