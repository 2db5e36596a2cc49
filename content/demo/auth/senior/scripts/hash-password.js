import { randomBytes, scryptSync } from 'node:crypto';

// node scripts/hash-password.js 'the password' prints a `passwordHash` for users.json:
// scrypt$N$r$p$salt$hash, with salt and hash in base64. It is how the ones in there were made.

const [password] = process.argv.slice(2);
const [N, r, p] = [16384, 8, 1];
const salt = randomBytes(16);
const hash = scryptSync(password, salt, 32, { N, r, p });
console.log(['scrypt', N, r, p, salt.toString('base64'), hash.toString('base64')].join('$'));
