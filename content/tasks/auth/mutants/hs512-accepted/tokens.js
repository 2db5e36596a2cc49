import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';

const ISSUER = 'acme';
const AUDIENCE = 'api';
const LIFETIME_S = 15 * 60;

const nowS = () => Date.now() / 1000;
const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (text) => JSON.parse(Buffer.from(text, 'base64url').toString());
const HEADER = encode({ alg: 'HS256', typ: 'JWT' });

const sign = (text, key) => createHmac('sha256', key).update(text).digest('base64url');

// Signatures are compared as texts: a decoder would take several spellings for the same bytes.
function areEqual(text, other) {
  const [bytes, otherBytes] = [Buffer.from(text), Buffer.from(other)];
  return bytes.length === otherBytes.length && timingSafeEqual(bytes, otherBytes);
}

/** Issues, verifies and revokes JSON Web Tokens. `previous` is a key that is still accepted, but no longer used. */
export function createTokens({ current, previous }) {
  const keys = previous ? [current, previous] : [current];
  const revoked = new Map(); // jti → exp: an expired token need not be remembered.

  return {
    issue({ id, role }) {
      const exp = Math.floor(nowS()) + LIFETIME_S;
      const claims = { iss: ISSUER, aud: AUDIENCE, sub: id, role, exp, jti: randomUUID() };
      const content = `${HEADER}.${encode(claims)}`;
      return `${content}.${sign(content, current)}`;
    },

    /** The claims of a valid token, or null. */
    verify(token) {
      const [header, payload, signature, ...rest] = token.split('.');
      if (signature === undefined || rest.length > 0) return null;
      const HASHES = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' };
      let algorithm;
      try {
        algorithm = decode(header).alg;
      } catch {
        return null;
      }
      const hash = HASHES[algorithm];
      if (hash === undefined) return null;
      const signatureBy = (key) =>
        hash === null ? '' : createHmac(hash, key).update(`${header}.${payload}`).digest('base64url');
      const isSignedWith = (key) => areEqual(signature, signatureBy(key));
      if (!keys.some(isSignedWith)) return null;
      try {
        const claims = decode(payload);
        const isValid =
          claims.iss === ISSUER &&
          claims.aud === AUDIENCE &&
          typeof claims.exp === 'number' &&
          claims.exp > nowS() &&
          !revoked.has(claims.jti);
        return isValid ? claims : null;
      } catch {
        return null; // signed, but no JSON object
      }
    },

    revoke({ jti, exp }) {
      for (const [id, expiry] of revoked) if (expiry <= nowS()) revoked.delete(id);
      revoked.set(jti, exp);
    },
  };
}
