import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(scrypt); // on libuv's threads: the event loop stays free

function parse(passwordHash) {
  const [, N, r, p, salt, hash] = passwordHash.split('$');
  return {
    cost: { N: Number(N), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
}

/** Checked when there is no account, so that this takes as long. Same cost as users.json; no password has this hash. */
const NO_ACCOUNT = {
  ...parse(`scrypt$16384$8$1$$`),
  salt: randomBytes(16),
  hash: randomBytes(32),
};

export async function verifyPassword(password, passwordHash) {
  const { cost, salt, hash } = passwordHash === undefined ? NO_ACCOUNT : parse(passwordHash);
  return timingSafeEqual(await derive(password, salt, hash.length, cost), hash);
}
