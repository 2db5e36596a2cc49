import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Keeps the books in memory, and stands in for the database that will come later:
 * every call takes a few milliseconds, and other requests are served meanwhile.
 */
const LATENCY_MS = 3;

const books = {};

/** The book with this ISBN, or undefined. */
export async function find(isbn) {
  await sleep(LATENCY_MS);
  return books[isbn];
}

/** Up to `count` books whose ISBN comes after `isbn`, in order. */
export async function listAfter(isbn, count) {
  await sleep(LATENCY_MS);
  return Object.values(books)
    .filter((book) => book.isbn > isbn)
    .sort((a, b) => (a.isbn < b.isbn ? -1 : 1))
    .slice(0, count);
}

/**
 * Stores what `decide` makes of the book as it is at that moment; nothing comes in between, as in a transaction.
 * `decide` gets the book or undefined, answers with the book or undefined, and throws to change nothing.
 */
export async function change(isbn, decide) {
  await sleep(LATENCY_MS);
  const book = decide(books[isbn]);
  if (book) books[isbn] = book;
  else delete books[isbn];
}
