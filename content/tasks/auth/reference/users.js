import { readFileSync } from 'node:fs';

/** Everybody who has an account: `{ id, username, role, passwordHash }`. scripts/hash-password.js makes the hashes. */
const users = JSON.parse(readFileSync(new URL('./users.json', import.meta.url), 'utf8'));

/** The user with this id, or undefined. */
export async function findById(id) {
  return users.find((user) => user.id === id);
}

/** The user with exactly this user name, or undefined. */
export async function findByUsername(username) {
  return users.find((user) => user.username === username);
}
