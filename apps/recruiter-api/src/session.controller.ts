import { getSession, type InputOf, logIn, logOut, setUp } from '@assay/contracts/http';
import {
  assertSetupLinkOpen,
  Database,
  getMember,
  revokeSession,
  setUpOrganisation,
  startStaffSession,
} from '@assay/db';
import { type Call, Endpoint, hashPassword } from '@assay/platform';
import { Controller } from '@nestjs/common';
import { StaffLogin } from './staff-login.js';

@Controller()
export class SessionController {
  constructor(
    private readonly db: Database,
    private readonly login: StaffLogin,
  ) {}

  @Endpoint(logIn)
  async logIn({ body }: InputOf<typeof logIn>, call: Call<typeof logIn>) {
    const memberId = await this.login.authenticate(body);
    call.startSession(await startStaffSession(this.db.prisma, memberId));
    return getMember(this.db.prisma, memberId);
  }

  @Endpoint(getSession)
  getSession(_: InputOf<typeof getSession>, { caller }: Call<typeof getSession>) {
    return getMember(this.db.prisma, caller.memberId);
  }

  @Endpoint(logOut)
  async logOut(_: InputOf<typeof logOut>, call: Call<typeof logOut>): Promise<void> {
    await revokeSession(this.db, call.caller.sessionId);
    call.endSession();
  }

  @Endpoint(setUp)
  async setUp({ body }: InputOf<typeof setUp>, call: Call<typeof setUp>) {
    const { password, ...draft } = body;
    // Hashing costs us much: not for whoever has no link.
    await assertSetupLinkOpen(this.db, draft.secret);
    const passwordHash = await hashPassword(password);
    const { memberId, session } = await setUpOrganisation(this.db, { ...draft, passwordHash });
    call.startSession(session);
    return getMember(this.db.prisma, memberId);
  }
}
