import crypto from 'node:crypto';

function base64url(data) {
  return Buffer.from(JSON.stringify(data)).toString('base64url');
}

function getSignature(text) {
  return crypto.createHmac('sha256', process.env.JWT_SECRET).update(text).digest('base64url');
}

export function createToken(user) {
  const now = Math.floor(Date.now() / 1000);
  const header = base64url({ alg: 'HS256', typ: 'JWT' });
  const payload = base64url({
    iss: 'acme',
    aud: 'api',
    sub: user.id,
    role: user.role,
    exp: now + 15 * 60,
    jti: crypto.randomUUID(),
  });
  return header + '.' + payload + '.' + getSignature(header + '.' + payload);
}

// returns the payload, throws if the token is not ok
export function verifyToken(token) {
  const [header, payload, signature, tooMuch] = token.split('.');
  if (tooMuch !== undefined) {
    throw new Error('too many parts');
  }

  if (signature !== getSignature(header + '.' + payload)) {
    throw new Error('wrong signature');
  }

  const { alg } = JSON.parse(Buffer.from(header, 'base64url').toString());
  if (alg !== 'HS256') {
    throw new Error('wrong algorithm');
  }

  const data = JSON.parse(Buffer.from(payload, 'base64url').toString());
  if (data.iss !== 'acme' || data.aud !== 'api') {
    throw new Error('not for us');
  }
  if (typeof data.exp !== 'number' || data.exp * 1000 < Date.now()) {
    throw new Error('expired');
  }
  return data;
}
