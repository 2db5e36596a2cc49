import express from 'express';
import * as store from './store.js';
import { validateBook } from './validateBook.js';

export const app = express();

app.use(express.json());

// GET all books
app.get('/v1/books', async (req, res) => {
  const books = await store.all();
  books.sort((a, b) => a.isbn.localeCompare(b.isbn));

  const limit = parseInt(req.query.limit) || 20;
  // the cursor is just how many books we already sent
  const start = parseInt(req.query.cursor) || 0;
  const items = books.slice(start, start + limit);

  let next = null;
  if (start + limit < books.length) {
    next = String(start + limit);
  }

  res.json({ items, next });
});

// GET one book
app.get('/v1/books/:isbn', async (req, res) => {
  const book = await store.find(req.params.isbn);
  if (!book) {
    return res.status(404).json({ title: 'Book not found', status: 404 });
  }
  res.json(book);
});

// POST a new book
app.post('/v1/books', async (req, res) => {
  if (!req.is('application/json')) {
    return res.status(415).json({ title: 'Content-Type must be application/json', status: 415 });
  }

  const error = validateBook(req.body);
  if (error) {
    return res.status(422).json({ title: 'Invalid book', status: 422, errors: [error] });
  }

  const existing = await store.find(req.body.isbn);
  if (existing) {
    return res.status(409).json({ title: 'This isbn already exists', status: 409 });
  }

  const { isbn, title, year } = req.body;
  const book = { isbn, title, year };
  await store.save(book);
  res.status(201).location(`/v1/books/${isbn}`).json(book);
});

// PUT (replace) a book
app.put('/v1/books/:isbn', async (req, res) => {
  const existing = await store.find(req.params.isbn);
  if (!existing) {
    return res.status(404).json({ title: 'Book not found', status: 404 });
  }

  const error = validateBook(req.body);
  if (error) {
    return res.status(422).json({ title: 'Invalid book', status: 422, errors: [error] });
  }

  // the isbn in the url wins
  const book = { isbn: req.params.isbn, title: req.body.title, year: req.body.year };
  await store.save(book);
  res.json(book);
});

// DELETE a book
app.delete('/v1/books/:isbn', async (req, res) => {
  const existing = await store.find(req.params.isbn);
  if (!existing) {
    return res.status(404).json({ title: 'Book not found', status: 404 });
  }
  await store.remove(req.params.isbn);
  res.status(204).send();
});

// TODO: ETag / If-Match (did not get to it)
