import { createHash, randomBytes } from 'node:crypto';

/** A secret for a link or cookie: 256 random bits, base64url, 43 characters. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** What is kept of a secret. A plain SHA-256 is enough: the secret is random, so it cannot be guessed from a list. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
