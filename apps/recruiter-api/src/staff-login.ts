import { AppError } from '@assay/core/error';
import {
  assertMayTryLogin,
  countLoginFailure,
  Database,
  findCredentials,
  forgetLoginFailures,
} from '@assay/db';
import { hashPassword, isPassword } from '@assay/platform';
import { Injectable } from '@nestjs/common';
import passport from 'passport';
import { Strategy as LocalStrategy } from 'passport-local';

export interface Credentials {
  email: string;
  password: string;
}

/**
 * Email and password through passport-local; single sign-on will be another strategy with the same sessions.
 * An unknown email costs the same time as a wrong password, so that neither gives accounts away.
 */
@Injectable()
export class StaffLogin {
  private readonly authenticator = new passport.Passport();
  private readonly nobodysHash = hashPassword('no member has this password');

  constructor(private readonly db: Database) {
    this.authenticator.use(
      new LocalStrategy({ usernameField: 'email', session: false }, (email, password, done) => {
        this.findMember(email, password).then((memberId) => done(null, memberId), done);
      }),
    );
  }

  /** Gives the member's id. Throws `session.wrong_credentials` or `session.throttled`. */
  async authenticate(credentials: Credentials): Promise<string> {
    await assertMayTryLogin(this.db, credentials.email);
    const memberId = await this.askPassport(credentials);
    if (!memberId) {
      await countLoginFailure(this.db, credentials.email);
      throw new AppError('session.wrong_credentials');
    }
    await forgetLoginFailures(this.db, credentials.email);
    return memberId;
  }

  /** passport wants a request of Express; for this strategy one with a body is enough. */
  private askPassport(credentials: Credentials): Promise<string | false> {
    return new Promise((resolve, reject) => {
      const answer = (error: unknown, memberId: string | false) =>
        error ? reject(asError(error)) : resolve(memberId);
      const authenticate = this.authenticator.authenticate('local', { session: false }, answer) as (
        request: { body: Credentials },
        response: object,
        next: (error?: unknown) => void,
      ) => void;
      authenticate({ body: credentials }, {}, (error) => reject(asError(error)));
    });
  }

  private async findMember(email: string, password: string): Promise<string | false> {
    const member = await findCredentials(this.db, email);
    const isRight = await isPassword(member?.passwordHash ?? (await this.nobodysHash), password);
    return member && isRight ? member.id : false;
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error('passport gave no answer', { cause: thrown });
}
