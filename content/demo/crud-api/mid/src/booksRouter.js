import { Router } from 'express';
import * as service from './bookService.js';
import { decodeCursor, encodeCursor, parseLimit } from './pagination.js';
import { validateBook } from './validation.js';

export const booksRouter = Router();

// Express 5 forwards rejected promises to the error handler, no try/catch needed here.

booksRouter.get('/', async (req, res) => {
  const limit = parseLimit(req.query.limit);
  const after = decodeCursor(req.query.cursor);
  const { items, hasMore } = await service.listBooks({ limit, after });
  res.json({ items, next: hasMore ? encodeCursor(items[items.length - 1].isbn) : null });
});

booksRouter.post('/', async (req, res) => {
  const book = await service.createBook(validateBook(req.body));
  res.status(201).location(`/v1/books/${book.isbn}`).set('ETag', service.etagFor(book)).json(book);
});

booksRouter.get('/:isbn', async (req, res) => {
  const book = await service.getBook(req.params.isbn);
  // res.json answers 304 by itself when If-None-Match fits
  res.set('ETag', service.etagFor(book)).json(book);
});

booksRouter.put('/:isbn', async (req, res) => {
  const book = validateBook(req.body, req.params.isbn);
  await service.replaceBook(book, req.get('If-Match'));
  res.set('ETag', service.etagFor(book)).json(book);
});

booksRouter.delete('/:isbn', async (req, res) => {
  await service.deleteBook(req.params.isbn, req.get('If-Match'));
  res.status(204).end();
});
