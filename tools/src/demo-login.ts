import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const DemoLogin = z.object({ email: z.string(), password: z.string() });
export type DemoLogin = z.infer<typeof DemoLogin>;

const fileIn = (home: string) => join(home, 'demo-login.json');

/** How to log in to the demo organisation of a data folder, or null when it has none. */
export async function findDemoLogin(home: string): Promise<DemoLogin | null> {
  if (!existsSync(fileIn(home))) return null;
  return DemoLogin.parse(JSON.parse(await readFile(fileIn(home), 'utf8')));
}

/** A random password, kept in a file that only its owner may read: no demo shares a password with another. */
export async function createDemoLogin(home: string): Promise<DemoLogin> {
  const login = { email: 'owner@demo.example', password: randomBytes(9).toString('base64url') };
  await mkdir(home, { recursive: true });
  await writeFile(fileIn(home), `${JSON.stringify(login)}\n`, { mode: 0o600 });
  return login;
}
