import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';

/** The hash of nobody's password: as costly to check as those in users.json. */
const NOBODYS_HASH = `scrypt$16384$8$1$${randomBytes(16).toString('base64')}$${randomBytes(32).toString('base64')}`;

/** Whether this is the password behind `passwordHash`. Without a hash the answer is no, and takes as long. */
export async function isPassword(password, passwordHash = NOBODYS_HASH) {
  const [, N, r, p, salt, hash] = passwordHash.split('$');
  const expected = Buffer.from(hash, 'base64');
  const cost = { N: Number(N), r: Number(r), p: Number(p) };
  const actual = scryptSync(password, Buffer.from(salt, 'base64'), expected.length, cost);
  return timingSafeEqual(actual, expected);
}
