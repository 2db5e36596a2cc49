import { createKeyedLock } from './keyed-lock.js';
import { conflict, notFound } from './problem.js';

/**
 * The rules of the collection, free of HTTP. A record is { isbn, title, year, version }; every change gives it
 * a version that no book has had before: one that is deleted and created again must not look unchanged. `guard` looks at the current record and throws if the caller may not go on.
 */
export function createCatalogue(store) {
  const exclusively = createKeyedLock();
  let versions = 0;

  async function existing(isbn) {
    const record = await store.find(isbn);
    if (!record) throw notFound('No such book');
    return record;
  }

  return {
    get: existing,

    add: (book) =>
      exclusively(book.isbn, async () => {
        if (await store.find(book.isbn)) throw conflict('A book with this isbn exists already');
        const record = { ...book, version: ++versions };
        await store.save(record);
        return record;
      }),

    replace: (book, guard) =>
      exclusively(book.isbn, async () => {
        const current = await existing(book.isbn);
        guard(current);
        const record = { ...book, version: ++versions };
        await store.save(record);
        return record;
      }),

    remove: (isbn, guard) =>
      exclusively(isbn, async () => {
        guard(await existing(isbn));
        await store.remove(isbn);
      }),

    async page({ after, limit }) {
      const following = (await store.all()).filter(({ isbn }) => isbn > after);
      following.sort((a, b) => (a.isbn < b.isbn ? -1 : 1));
      return { records: following.slice(0, limit), more: following.length > limit };
    },
  };
}
