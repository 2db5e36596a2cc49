import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Keeps the books in memory, and stands in for the database that will come later:
 * every call takes a few milliseconds, and other requests are served meanwhile.
 */
const LATENCY_MS = 3;

const books = new Map();

/** The book with this ISBN, or undefined. */
export async function find(isbn) {
  await sleep(LATENCY_MS);
  return books.get(isbn);
}

/** All books, in no particular order. */
export async function all() {
  await sleep(LATENCY_MS);
  return [...books.values()];
}

/** Adds the book, or replaces the one with the same ISBN. */
export async function save(book) {
  await sleep(LATENCY_MS);
  books.set(book.isbn, book);
}

/** Removes the book, if it is there. */
export async function remove(isbn) {
  await sleep(LATENCY_MS);
  books.delete(isbn);
}
