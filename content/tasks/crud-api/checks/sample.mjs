import assert from 'node:assert/strict';
import {
  aBook,
  aShelf,
  BOOKS,
  create,
  expectBook,
  expectEqual,
  expectStatus,
  ifCurrent,
  page,
  pathOf,
  pointersIn,
} from './books.mjs';

export default {
  'creates-a-book': async ({ http, random }) => {
    const book = aBook(random);
    const response = await create(http, book);
    expectStatus(response, 201, 'A POST of a valid book');
    expectBook(response, book, 'The answer to POST');
    assert.ok(
      response.headers.location?.endsWith(pathOf(book)),
      'The answer to POST should have a Location header that ends with /v1/books/{isbn}.',
    );
  },

  'reads-a-book-back': async ({ http, random }) => {
    const book = aBook(random);
    await create(http, book);
    const response = await http.get(pathOf(book));
    expectStatus(response, 200, 'A GET of a book that was created');
    expectBook(response, book, 'The answer to GET');
    expectStatus(await http.get(pathOf(aBook(random))), 404, 'A GET of a book that was never created');
  },

  'lists-books-by-isbn': async ({ http, random }) => {
    const shelf = aShelf(random, 3);
    for (const book of random.shuffle([...shelf])) await create(http, book);
    const { isbns } = await page(http, '');
    expectEqual(
      isbns,
      shelf.map((book) => book.isbn),
      'The list should contain every book once, ordered by isbn.',
    );
  },

  'refuses-an-invalid-book': async ({ http, random }) => {
    const response = await http.post(BOOKS, aBook(random, { title: '' }));
    expectStatus(response, 422, 'A POST of a book with an empty title');
    assert.ok(
      pointersIn(response, 'The 422 for an empty title').has('/title'),
      'The 422 for an empty title should have an entry in "errors" whose pointer is "/title".',
    );
    await create(http, aBook(random));
  },

  'deletes-a-book': async ({ http, random }) => {
    const book = aBook(random);
    await create(http, book);
    const response = await http.delete(pathOf(book), await ifCurrent(http, book));
    expectStatus(response, 204, "A DELETE of a book, with the book's ETag as If-Match");
    expectStatus(await http.get(pathOf(book)), 404, 'A GET of a book that was deleted');
  },
};
