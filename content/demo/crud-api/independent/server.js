import http from 'node:http';

// The whole service without a framework. All state changes happen in one synchronous step after the body has
// arrived, so requests cannot overtake each other between the comparison of a tag and the write.

const MAX_BODY = 1024 * 1024;
const bookAt = /^\/v1\/books\/([^/]+)$/;

/** isbn → { book, tag } */
const shelf = new Map();
let revision = 0;

class Refusal {
  constructor(status, detail, extra) {
    Object.assign(this, { status, detail, extra });
  }
}

function answer(res, status, body, headers = {}) {
  const text = body === undefined ? '' : JSON.stringify(body);
  res.writeHead(status, {
    ...(text && { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }),
    ...headers,
  });
  res.end(text);
}

function answerRefusal(res, { status, detail, extra }) {
  answer(
    res,
    status,
    { status, title: http.STATUS_CODES[status], detail, ...extra },
    { 'Content-Type': 'application/problem+json' },
  );
}

async function readJson(req) {
  const [type] = (req.headers['content-type'] ?? '').split(';');
  if (type.trim().toLowerCase() !== 'application/json') throw new Refusal(415, 'Send application/json.');
  const chunks = [];
  let length = 0;
  for await (const chunk of req) {
    length += chunk.length;
    if (length > MAX_BODY) throw new Refusal(413, 'Too long.');
    chunks.push(chunk);
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)));
  } catch {
    throw new Refusal(400, 'This is not JSON.');
  }
}

function checked(body, pathIsbn) {
  if (body === null || typeof body !== 'object' || Array.isArray(body))
    throw new Refusal(400, 'Send an object.');
  const errors = [];
  const { isbn, title, year, ...others } = body;
  const need = (fine, field, detail) => fine || errors.push({ pointer: `/${field}`, detail });
  need(typeof isbn === 'string' && /^\d{13}$/.test(isbn), 'isbn', '13 digits');
  need(pathIsbn === undefined || isbn === pathIsbn, 'isbn', 'differs from the path');
  need(typeof title === 'string' && title.length > 0 && title.length < 201, 'title', '1 to 200 characters');
  need(Number.isInteger(year) && year > 1449 && year < 2101, 'year', '1450 to 2100');
  for (const field of Object.keys(others)) need(false, field, 'unknown');
  if (errors.length) throw new Refusal(422, 'Some fields are wrong.', { errors });
  return { isbn, title, year };
}

function put(book) {
  revision += 1;
  const entry = { book, tag: `"r${revision}"` };
  shelf.set(book.isbn, entry);
  return entry;
}

const get = (isbn) => shelf.get(isbn) ?? throwIt(new Refusal(404, 'No such book.'));
const tags = (header) => header.split(',').map((tag) => tag.trim());

function throwIt(refusal) {
  throw refusal;
}

function precondition(req, { tag }) {
  const wanted = req.headers['if-match'];
  if (wanted === undefined) throw new Refusal(428, 'Send If-Match.');
  if (wanted !== '*' && !tags(wanted).includes(tag)) throw new Refusal(412, 'The book is another one now.');
}

function single(query, name, pattern, fallback) {
  const values = query.getAll(name);
  if (values.length === 0) return fallback;
  if (values.length > 1 || !pattern.test(values[0])) throw new Refusal(400, `${name} is invalid.`);
  return values[0];
}

function list(query) {
  const limit = Number(single(query, 'limit', /^([1-9]\d?|100)$/, '20'));
  const cursor = single(query, 'cursor', /^after-\d{13}$/, 'after-');
  const isbns = [...shelf.keys()].filter((isbn) => isbn > cursor.slice('after-'.length)).sort();
  const items = isbns.slice(0, limit).map((isbn) => shelf.get(isbn).book);
  return { next: isbns.length > limit ? `after-${items.at(-1).isbn}` : null, items };
}

async function handle(req, res) {
  const { pathname, searchParams } = new URL(req.url, 'http://localhost');
  if (pathname === '/v1/books') {
    if (req.method === 'GET') return answer(res, 200, list(searchParams));
    if (req.method !== 'POST') throw new Refusal(405, 'GET or POST only.');
    const book = checked(await readJson(req));
    if (shelf.has(book.isbn)) throw new Refusal(409, 'We have this one.');
    const { tag } = put(book);
    return answer(res, 201, book, {
      ETag: tag,
      Location: `http://${req.headers.host}/v1/books/${book.isbn}`,
    });
  }
  const [, isbn] = bookAt.exec(pathname) ?? throwIt(new Refusal(404, 'Nothing here.'));
  if (req.method === 'GET') {
    const { book, tag } = get(isbn);
    const known = req.headers['if-none-match'];
    const same = known && (known === '*' || tags(known).some((each) => each.replace(/^W\//, '') === tag));
    return same ? answer(res, 304, undefined, { ETag: tag }) : answer(res, 200, book, { ETag: tag });
  }
  if (req.method === 'PUT') {
    const book = checked(await readJson(req), isbn);
    precondition(req, get(isbn));
    return answer(res, 200, book, { ETag: put(book).tag });
  }
  if (req.method === 'DELETE') {
    precondition(req, get(isbn));
    shelf.delete(isbn);
    return answer(res, 204);
  }
  throw new Refusal(405, 'GET, PUT or DELETE only.');
}

http
  .createServer((req, res) => {
    handle(req, res).catch((error) => {
      if (!(error instanceof Refusal)) console.error(error);
      answerRefusal(res, error instanceof Refusal ? error : new Refusal(500, 'Our fault.'));
    });
  })
  .listen(process.env.PORT, '127.0.0.1');
