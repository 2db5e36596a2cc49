const fields = ['isbn', 'title', 'year'];

// returns the first problem, or null if the book is ok
export function validateBook(book) {
  if (!book || Array.isArray(book)) {
    return { pointer: '', detail: 'book is required' };
  }

  for (const key in book) {
    if (!fields.includes(key)) {
      return { pointer: '/' + key, detail: 'unknown field' };
    }
  }

  if (!/^\d{13}$/.test(book.isbn)) {
    return { pointer: '/isbn', detail: 'isbn must have 13 digits' };
  }

  if (!book.title || book.title.length > 200) {
    return { pointer: '/title', detail: 'title must have 1 to 200 characters' };
  }

  if (!(book.year >= 1450 && book.year <= 2100)) {
    return { pointer: '/year', detail: 'year must be between 1450 and 2100' };
  }

  return null;
}
