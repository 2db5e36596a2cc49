import express from 'express';
import { parseBook } from './book.js';
import { etagOf, requireMatch } from './etags.js';
import { cursorOf, parseQuery } from './paging.js';
import { Problem } from './problems.js';
import * as store from './store.js';

export const books = express.Router();

/** Reads a JSON body, and refuses any other kind. */
const jsonBody = [
  (req, _res, next) => {
    if (!req.is('application/json')) throw new Problem(415, 'The body has to be application/json');
    next();
  },
  express.raw({ type: 'application/json' }),
  (req, _res, next) => {
    req.body = parseJson(new TextDecoder('utf-8', { fatal: true }).decode(req.body));
    next();
  },
];

function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem(400, 'The body is not well-formed JSON');
  }
}

const noSuchBook = () => new Problem(404, 'There is no such book');

function send(res, status, book) {
  res.status(status).set('ETag', etagOf(book)).json(book);
}

books.post('/', jsonBody, async (req, res) => {
  const book = parseBook(req.body);
  await store.change(book.isbn, (existing) => {
    if (existing) throw new Problem(409, 'Another book has this isbn');
    return book;
  });
  res.location(`/v1/books/${book.isbn}`);
  send(res, 201, book);
});

books.get('/', async (req, res) => {
  const { limit, after } = parseQuery(req.query);
  const found = await store.listAfter(after, limit + 1);
  const items = found.slice(0, limit);
  res.json({ items, next: found.length > limit ? cursorOf(items.at(-1)) : null });
});

books.get('/:isbn', async (req, res) => {
  const book = await store.find(req.params.isbn);
  if (!book) throw noSuchBook();
  send(res, 200, book); // Express turns it into a 304 if If-None-Match says so.
});

books.put('/:isbn', jsonBody, async (req, res) => {
  const { isbn } = req.params;
  const book = parseBook(req.body, isbn);
  await store.change(isbn, (existing) => {
    if (!existing) throw noSuchBook();
    requireMatch(req.get('If-Match'), existing);
    return book;
  });
  send(res, 200, book);
});

books.delete('/:isbn', async (req, res) => {
  await store.change(req.params.isbn, (existing) => {
    if (!existing) throw noSuchBook();
    requireMatch(req.get('If-Match'), existing);
    return undefined;
  });
  res.status(204).end();
});
