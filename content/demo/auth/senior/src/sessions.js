import { randomUUID } from 'node:crypto';
import { sign, verify } from './jwt.js';

const ISSUER = 'acme';
const AUDIENCE = 'api';
const LIFETIME_S = 15 * 60;

/** Who is logged in: tokens with our claims, minus those that were revoked. `clock` gives seconds since 1970. */
export function createSessions({ jwtKeys, clock = () => Date.now() / 1000 }) {
  const revokedUntil = new Map(); // jti → exp

  function forgetExpired() {
    for (const [jti, exp] of revokedUntil) if (exp <= clock()) revokedUntil.delete(jti);
  }

  return {
    open(user) {
      const iat = Math.floor(clock());
      const claims = {
        iss: ISSUER,
        aud: AUDIENCE,
        sub: user.id,
        role: user.role,
        iat,
        exp: iat + LIFETIME_S,
      };
      return sign({ ...claims, jti: randomUUID() }, jwtKeys[0]);
    },

    /** `{ userId, isAdmin, jti, exp }`, or null. */
    find(token) {
      const claims = verify(token, jwtKeys);
      if (claims?.iss !== ISSUER || claims.aud !== AUDIENCE) return null;
      if (typeof claims.exp !== 'number' || claims.exp <= clock()) return null;
      if (typeof claims.sub !== 'string' || typeof claims.jti !== 'string') return null;
      if (revokedUntil.has(claims.jti)) return null;
      return { userId: claims.sub, isAdmin: claims.role === 'admin', jti: claims.jti, exp: claims.exp };
    },

    revoke({ jti, exp }) {
      forgetExpired();
      revokedUntil.set(jti, exp);
    },
  };
}
