import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';

// The whole service without a framework. Logins to one name are looked at one after the other, so five wrong ones
// have failed before the sixth is considered; a token that was revoked is remembered by the digest of what it claims.

const { PORT = '3000', JWT_SECRET, JWT_SECRET_PREVIOUS, LOGIN_WINDOW_SECONDS } = process.env;

if (!JWT_SECRET) {
  process.stderr.write('JWT_SECRET is missing\n');
  process.exit(78);
}

const ACCEPTED_KEYS = [JWT_SECRET, JWT_SECRET_PREVIOUS].filter((key) => key);
const WINDOW = 1000 * Number(LOGIN_WINDOW_SECONDS || 60);

const load = (name) => JSON.parse(fs.readFileSync(new URL(name, import.meta.url)));
const accounts = new Map(load('users.json').map((user) => [user.username, user]));
const people = new Map([...accounts.values()].map((user) => [user.id, user]));
let orders = load('orders.json');

class Answer {
  constructor(status, body, headers = {}) {
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}
const challenge = (error) => new Answer(401, { error }, { 'WWW-Authenticate': 'Bearer realm="orders"' });
const nothing = () => new Answer(404, { error: 'There is nothing here.' });

// --- tokens

const mac = (text, key) => crypto.createHmac('sha256', key).update(text, 'utf8').digest();
const sameBytes = (a, b) => a.length === b.length && crypto.timingSafeEqual(a, b);
const revoked = new Map();

function mint(user) {
  const part = (value) => Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');
  const iat = Math.trunc(Date.now() / 1000);
  const unsigned = [
    { alg: 'HS256' },
    {
      sub: user.id,
      role: user.role,
      iss: 'acme',
      aud: 'api',
      iat,
      exp: iat + 900,
      jti: crypto.randomBytes(12).toString('hex'),
    },
  ]
    .map(part)
    .join('.');
  return `${unsigned}.${mac(unsigned, JWT_SECRET).toString('base64url')}`;
}

const fingerprint = (unsigned) => crypto.createHash('sha256').update(unsigned).digest('hex');

function read(req) {
  const match = /^bearer +([\w-]+\.[\w-]+)\.([\w-]+)$/i.exec(req.headers.authorization ?? '');
  if (!match) throw challenge('Log in first.');
  const [, unsigned, signature] = match;
  const bytes = Buffer.from(signature, 'base64url');
  if (!ACCEPTED_KEYS.some((key) => sameBytes(mac(unsigned, key), bytes))) throw challenge('Not our token.');

  const [header, claims] = unsigned.split('.').map((part) => {
    try {
      return Object(JSON.parse(Buffer.from(part, 'base64url').toString('utf8')));
    } catch {
      throw challenge('Not a token.');
    }
  });
  const now = Date.now() / 1000;
  const sound = header.alg === 'HS256' && claims.iss === 'acme' && claims.aud === 'api';
  if (!sound || !Number.isFinite(claims.exp) || claims.exp <= now)
    throw challenge('This token is of no use.');
  const id = fingerprint(unsigned);
  if (revoked.has(id)) throw challenge('This token was revoked.');
  return { id, user: people.get(claims.sub), exp: claims.exp };
}

// --- logins

class Door {
  failures = [];
  queue = Promise.resolve();

  enter(task) {
    const result = this.queue.then(() => {
      const now = performance.now();
      this.failures = this.failures.filter((at) => now - at < WINDOW);
      if (this.failures.length > 4) {
        const wait = Math.ceil((this.failures[0] + WINDOW - now) / 1000);
        throw new Answer(429, { error: 'Try again later.' }, { 'Retry-After': String(wait) });
      }
      return task();
    });
    this.queue = result.catch(() => {});
    return result;
  }
}
const doors = new Map();

const decoy = { passwordHash: `scrypt$16384$8$1$${'A'.repeat(22)}==$${'A'.repeat(43)}=` };

function derive(password, { passwordHash }) {
  const [, N, r, p, salt, hash] = passwordHash.split('$');
  return new Promise((resolve, reject) => {
    crypto.scrypt(password, Buffer.from(salt, 'base64'), 32, { N: +N, r: +r, p: +p }, (error, key) =>
      error ? reject(error) : resolve(key.toString('base64') === hash),
    );
  });
}

async function logIn(body) {
  const { username, password } = Object(body);
  if (typeof username !== 'string' || typeof password !== 'string') {
    throw new Answer(400, { error: 'Send username and password.' });
  }
  const door = doors.get(username) ?? new Door();
  doors.set(username, door);
  return door.enter(async () => {
    const user = accounts.get(username);
    const right = await derive(password, user ?? decoy);
    if (user && right) return new Answer(200, { token: mint(user) });
    door.failures.push(performance.now());
    throw challenge('These do not belong together.');
  });
}

// --- requests

async function json(req) {
  let text = '';
  req.setEncoding('utf8');
  for await (const piece of req) {
    text += piece;
    if (text.length > 100_000) throw new Answer(413, { error: 'Too much.' }, { Connection: 'close' });
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new Answer(400, { error: 'This is not JSON.' });
  }
}

async function answer(req) {
  const method = req.method === 'HEAD' ? 'GET' : req.method;
  const [path] = req.url.split('?');
  const call = `${method} ${path}`;
  if (call === 'GET /health') return new Answer(200, { status: 'ok' });
  if (call === 'POST /login') return logIn(await json(req));

  const { id, user, exp } = read(req);
  if (call === 'POST /logout') {
    revoked.set(id, exp);
    return new Answer(204);
  }

  const [, owner, orderId] = /^\/users\/([^/]+)\/orders(?:\/([^/]+))?$/.exec(path) ?? [];
  if (owner === undefined || !people.has(owner) || !(user?.id === owner || user?.role === 'admin'))
    throw nothing();
  const theirs = orders.filter((order) => order.userId === owner);
  if (orderId === undefined) {
    if (method === 'GET') return new Answer(200, { items: theirs });
    throw nothing();
  }
  const order = theirs.find((each) => each.id === orderId) ?? null;
  if (!order) throw nothing();
  if (method === 'GET') return new Answer(200, order);
  if (method === 'DELETE') {
    orders = orders.filter((each) => each !== order);
    return new Answer(204);
  }
  if (method === 'PATCH') {
    const { note } = Object(await json(req));
    if (typeof note !== 'string' || note.length > 200)
      throw new Answer(400, { error: 'note: up to 200 characters.' });
    order.note = note;
    return new Answer(200, order);
  }
  throw nothing();
}

const tidying = setInterval(() => {
  const now = Date.now() / 1000;
  for (const [id, exp] of revoked) if (exp <= now) revoked.delete(id);
  for (const [name, { failures }] of doors) {
    if (failures.length > 0 && performance.now() - failures.at(-1) > 2 * WINDOW) doors.delete(name);
  }
}, WINDOW);
tidying.unref();

http
  .createServer(async (req, res) => {
    const { status, body, headers } = await answer(req).catch((error) => {
      if (error instanceof Answer) return error;
      console.error(error);
      return new Answer(500, { error: 'Our fault.' });
    });
    const text = body === undefined ? '' : JSON.stringify(body);
    res.writeHead(status, {
      ...(text && { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }),
      ...headers,
    });
    res.end(req.method === 'HEAD' ? undefined : text);
  })
  .listen(Number(PORT), '127.0.0.1');
