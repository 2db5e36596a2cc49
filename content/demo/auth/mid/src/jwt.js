import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { config } from './config.js';

const LIFETIME_SECONDS = 15 * 60;

const toBase64 = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const fromBase64 = (text) => JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));

function hmac(text, secret) {
  return createHmac('sha256', secret).update(text).digest();
}

export function signToken(user) {
  const content = [
    toBase64({ alg: 'HS256', typ: 'JWT' }),
    toBase64({
      iss: 'acme',
      aud: 'api',
      sub: user.id,
      role: user.role,
      exp: Math.floor(Date.now() / 1000) + LIFETIME_SECONDS,
      jti: randomUUID(),
    }),
  ].join('.');
  return `${content}.${hmac(content, config.jwtSecret).toString('base64url')}`;
}

/** Returns the claims, or null if anything about the token is wrong. */
export function verifyToken(token) {
  const parts = token.split('.');
  if (parts.length !== 3) return null;
  const [header, payload, signature] = parts;

  const given = Buffer.from(signature, 'base64url');
  const isValid = [config.jwtSecret, config.jwtSecretPrevious].some((secret) => {
    const expected = hmac(`${header}.${payload}`, secret);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
  if (!isValid) return null;

  try {
    if (fromBase64(header).alg !== 'HS256') return null;
    const claims = fromBase64(payload);
    if (claims.iss !== 'acme' || claims.aud !== 'api') return null;
    if (typeof claims.exp !== 'number' || claims.exp <= Date.now() / 1000) return null;
    return claims;
  } catch {
    return null;
  }
}
