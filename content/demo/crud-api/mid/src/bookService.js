import { createHash } from 'node:crypto';
import { HttpError, NotFound } from './errors.js';
import * as store from './store.js';

export const etagFor = (book) => `"${createHash('sha1').update(JSON.stringify(book)).digest('hex')}"`;

export async function getBook(isbn) {
  const book = await store.find(isbn);
  if (!book) throw new NotFound(`No book with isbn ${isbn}`);
  return book;
}

export async function listBooks({ limit, after }) {
  const books = (await store.all())
    .filter((book) => after === null || book.isbn > after)
    .sort((a, b) => (a.isbn < b.isbn ? -1 : 1));
  return { items: books.slice(0, limit), hasMore: books.length > limit };
}

export async function createBook(book) {
  if (await store.find(book.isbn)) {
    throw new HttpError(409, 'Conflict', { detail: `A book with isbn ${book.isbn} already exists` });
  }
  await store.save(book);
  return book;
}

export async function replaceBook(book, ifMatch) {
  const current = await getBook(book.isbn);
  checkPrecondition(current, ifMatch);
  await store.save(book);
  return book;
}

export async function deleteBook(isbn, ifMatch) {
  const current = await getBook(isbn);
  checkPrecondition(current, ifMatch);
  await store.remove(isbn);
}

function checkPrecondition(book, ifMatch) {
  if (!ifMatch) {
    throw new HttpError(428, 'Precondition required', { detail: 'Send the ETag of the book in If-Match' });
  }
  if (ifMatch !== '*' && ifMatch !== etagFor(book)) {
    throw new HttpError(412, 'Precondition failed', { detail: 'The book was changed in the meantime' });
  }
}
