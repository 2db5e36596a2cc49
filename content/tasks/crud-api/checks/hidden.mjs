import assert from 'node:assert/strict';
import {
  aBook,
  aShelf,
  aTitle,
  aYear,
  BOOKS,
  create,
  expectBadFields,
  expectBook,
  expectEqual,
  expectStatus,
  expectUnchanged,
  ifCurrent,
  isbnBeside,
  nextQuery,
  objectIn,
  page,
  pathOf,
} from './books.mjs';

const STRONG_TAG = /^"[\x21\x23-\x7e\x80-\xff]*"$/;
const STACK_TRACE = /(\n|\\n)\s*at |&nbsp;at |node:internal|node_modules|\.[cm]?js:\d+/;

const sendJson = (http, method, path, body, headers = {}) =>
  http.request({ method, path, headers: { 'content-type': 'application/json', ...headers }, body });
const ifMatch = (tag) => ({ headers: { 'if-match': tag } });

/** The strong ETag of a response. */
function tagOf(response, what) {
  const tag = response.headers.etag;
  assert.ok(tag !== undefined, `${what} should carry an ETag.`);
  assert.match(tag, STRONG_TAG, `${what} should carry a strong ETag: a text in double quotes, without W/.`);
  return tag;
}

function expectProblem(response, what) {
  const type = response.headers['content-type'] ?? '';
  assert.match(
    type,
    /^application\/problem\+json *(;|$)/i,
    `${what} should be answered with application/problem+json.`,
  );
  assert.doesNotMatch(response.text, STACK_TRACE, `${what} should be answered without a stack trace.`);
  const problem = objectIn(
    response,
    `The problem document for ${what.charAt(0).toLowerCase()}${what.slice(1)}`,
  );
  expectEqual(
    problem.status,
    response.status,
    `${what}: "status" in the problem document should be the response's status.`,
  );
  assert.ok(
    typeof problem.title === 'string' && problem.title !== '',
    `${what} should be answered with a problem document that has a title.`,
  );
}

/** Follows `next` from a page on and returns the pages' ISBNs. */
async function walk(http, limit, from) {
  const pages = [];
  let { next } = from;
  while (next !== null) {
    expectEqual(
      typeof next,
      'string',
      '"next" should be a string, or null when no book comes after the page.',
    );
    assert.ok(pages.length < 50, 'Following "next" should come to an end.');
    const { isbns, next: following } = await page(http, nextQuery(limit, next));
    pages.push(isbns);
    next = following;
  }
  return pages;
}

export default {
  'creates-and-reads-a-book': async ({ http, random }) => {
    const book = aBook(random, { title: `${aTitle(random)}: “Zażółć” 東京 🚲` });
    const other = aBook(random);
    const created = await create(http, book);
    await create(http, other);
    expectStatus(created, 201, 'A POST of a valid book');
    expectBook(created, book, 'The answer to POST');
    assert.match(
      created.headers['content-type'] ?? '',
      /^application\/json\b/i,
      'A book should be sent as application/json.',
    );

    const { location } = created.headers;
    assert.ok(location !== undefined, 'The answer to POST should have a Location header.');
    const { pathname } = new URL(location, 'http://127.0.0.1');
    expectEqual(pathname, pathOf(book), 'The Location of a new book should be /v1/books/{isbn}.');

    for (const each of [book, other]) {
      const read = await http.get(pathOf(each));
      expectStatus(read, 200, 'A GET of a book that was created');
      expectBook(read, each, 'The answer to GET');
    }
    expectStatus(await http.get(pathOf(aBook(random))), 404, 'A GET of a book that was never created');
  },

  'replaces-and-deletes-a-book': async ({ http, random }) => {
    const book = aBook(random);
    const other = aBook(random);
    await create(http, book);
    await create(http, other);

    const changed = { ...book, title: aTitle(random), year: aYear(random) };
    const before = await ifCurrent(http, book);
    const put = await http.put(pathOf(book), changed, before);
    expectStatus(put, 200, 'A PUT of a valid book, with the current ETag as If-Match');
    expectBook(put, changed, 'The answer to PUT');
    await expectUnchanged(http, changed, 'it was replaced');

    const current = await ifCurrent(http, book);
    const deleted = await http.delete(pathOf(book), current);
    expectStatus(deleted, 204, 'A DELETE with the current ETag as If-Match');
    expectEqual(deleted.text, '', 'A 204 should have no body.');
    expectStatus(await http.get(pathOf(book)), 404, 'A GET of a book that was deleted');
    expectStatus(await http.delete(pathOf(book), current), 404, 'A second DELETE of the same book');
    expectStatus(await http.put(pathOf(book), changed, current), 404, 'A PUT of a book that does not exist');
    expectStatus(
      await http.get(pathOf(book)),
      404,
      'A GET of a book after a PUT that had nothing to replace',
    );
    await expectUnchanged(http, other, 'another book was replaced and deleted');
  },

  'names-every-bad-field': async ({ http, random }) => {
    const book = aBook(random);
    await create(http, book);
    const bad = {
      isbn: [random.digits(12), random.digits(14), `${random.digits(12)}x`],
      title: ['', 'x'.repeat(random.integer(201, 400))],
      year: [random.integer(1, 1449), random.integer(2101, 9999), 'soon'],
    };
    const pick = (values) => values[random.integer(0, values.length - 1)];
    for (let round = 0; round < 4; round += 1) {
      const threeBad = { isbn: pick(bad.isbn), title: pick(bad.title), year: pick(bad.year) };
      expectBadFields(
        await http.post(BOOKS, threeBad),
        ['isbn', 'title', 'year'],
        'A POST with three bad fields',
      );
    }
    expectBadFields(await http.post(BOOKS, {}), ['isbn', 'title', 'year'], 'A POST of an empty object');
    expectBadFields(
      await http.post(BOOKS, aBook(random, { isbn: pick(bad.isbn), year: pick(bad.year) })),
      ['isbn', 'year'],
      'A POST with two bad fields',
    );
    const { title, ...untitled } = aBook(random, { year: pick(bad.year) });
    expectBadFields(
      await http.post(BOOKS, untitled),
      ['title', 'year'],
      'A POST with a missing and a bad field',
    );

    const put = await http.put(
      pathOf(book),
      { ...book, title: '', year: pick(bad.year) },
      await ifCurrent(http, book),
    );
    expectBadFields(put, ['title', 'year'], 'A PUT with two bad fields');
    await expectUnchanged(http, book, 'a PUT that was refused');
  },

  'refuses-a-duplicate': async ({ http, random }) => {
    const book = aBook(random);
    await create(http, book);
    const again = await http.post(BOOKS, aBook(random, { isbn: book.isbn }));
    expectStatus(again, 409, 'A POST with an isbn that another book has');
    await expectUnchanged(http, book, 'a POST with the same isbn');
    const { isbns } = await page(http, '');
    expectEqual(isbns, [book.isbn], 'After a refused duplicate the list should have the one book only.');
  },

  'refuses-other-media-types': async ({ http, random }) => {
    const book = aBook(random);
    const form = new URLSearchParams({ ...book, year: String(book.year) }).toString();
    const bodies = [
      ['text/plain', JSON.stringify(book)],
      ['application/x-www-form-urlencoded', form],
    ];
    for (const [type, body] of bodies) {
      const response = await http.request({
        method: 'POST',
        path: BOOKS,
        headers: { 'content-type': type },
        body,
      });
      expectStatus(response, 415, 'A POST whose Content-Type is not JSON');
    }
    expectStatus(await http.get(pathOf(book)), 404, 'A GET of a book whose POST was refused');
    const accepted = await sendJson(http, 'POST', BOOKS, JSON.stringify(book), {
      'content-type': 'application/json; charset=utf-8',
    });
    expectStatus(accepted, 201, 'A POST of JSON with a charset');
  },

  'refuses-unknown-fields': async ({ http, random }) => {
    const book = aBook(random);
    const name = `x${random.word(6)}`;
    const post = await http.post(BOOKS, { ...book, [name]: random.word(4) });
    expectBadFields(post, [name], 'A POST with an unknown field');
    expectStatus(await http.get(pathOf(book)), 404, 'A GET of a book whose POST was refused');
    await create(http, book);
    const put = await http.put(
      pathOf(book),
      { ...book, year: aYear(random), [name]: true },
      await ifCurrent(http, book),
    );
    expectBadFields(put, [name], 'A PUT with an unknown field');
    await expectUnchanged(http, book, 'a PUT that was refused');
  },

  'answers-bad-bodies-with-4xx': async ({ http, random }) => {
    const book = aBook(random);
    const text = JSON.stringify(book);
    for (const body of [text.slice(0, -1), `${text}}`, `{"isbn": "${book.isbn}", title}`]) {
      expectStatus(
        await sendJson(http, 'POST', BOOKS, body),
        400,
        'A POST whose body is not well-formed JSON',
      );
    }
    for (const body of ['[]', 'null', '7', '"book"', JSON.stringify([book])]) {
      expectStatus(await sendJson(http, 'POST', BOOKS, body), [400, 422], 'A POST of JSON that is no object');
    }
    const empty = await sendJson(http, 'POST', BOOKS, '');
    expectStatus(empty, [400, 415, 422], 'A POST without a body');
    await create(http, book);
    await expectUnchanged(http, book, 'several requests that could not be read');
  },

  'pages-hold-limit-books': async ({ http, random }) => {
    const empty = await page(http, '');
    expectEqual(empty.items, [], 'With no books, "items" should be an empty array.');
    expectEqual(empty.next, null, 'With no books, "next" should be null.');

    const shelf = aShelf(random, 25);
    const few = random.shuffle([...shelf]).slice(0, 5);
    const [last, ...four] = few;
    const sorted = (books) => books.map((book) => book.isbn).sort();
    const inTwos = async () => {
      const first = await page(http, '?limit=2');
      return [first.isbns, ...(await walk(http, 2, first))];
    };
    for (const book of four) await create(http, book);
    const evenly = await inTwos();
    expectEqual(
      evenly.flat(),
      sorted(four),
      'Following "next" should show every book once, ordered by isbn.',
    );
    expectEqual(
      evenly.map((isbns) => isbns.length),
      [2, 2],
      'With four books, limit=2 should give two pages of two, and "next" should be null on the second.',
    );

    await create(http, last);
    const oddly = await inTwos();
    expectEqual(oddly.flat(), sorted(few), 'Following "next" should show every book once, ordered by isbn.');
    expectEqual(
      oddly.map((isbns) => isbns.length),
      [2, 2, 1],
      'With five books, limit=2 should give pages of two, two and one.',
    );

    await Promise.all(shelf.filter((book) => !few.includes(book)).map((book) => create(http, book)));
    const byDefault = await page(http, '');
    expectEqual(
      byDefault.items.length,
      20,
      'Without a limit, a page should have 20 books if there are as many.',
    );
    const all = await page(http, '?limit=100');
    expectEqual(all.isbns, sorted(shelf), 'limit=100 should show up to 100 books, ordered by isbn.');
    expectEqual(all.next, null, 'When no book comes after a page, its "next" should be null.');
    const book = shelf.find(({ isbn }) => isbn === all.isbns[0]);
    expectEqual(
      { isbn: all.items[0].isbn, title: all.items[0].title, year: all.items[0].year },
      book,
      'The items of a page should be whole books.',
    );
  },

  'pages-stay-stable': async ({ http, random }) => {
    const shelf = aShelf(random, 8);
    for (const book of random.shuffle([...shelf])) await create(http, book);

    // A book is added before the place that the client has reached.
    const first = await page(http, '?limit=2');
    expectEqual(typeof first.next, 'string', 'When more books follow, "next" should be a string.');
    await create(http, aBook(random, { isbn: isbnBeside(shelf[0], -random.integer(1, 9)) }));
    const second = await page(http, nextQuery(2, first.next));
    expectEqual(
      second.isbns,
      [shelf[2].isbn, shelf[3].isbn],
      'After a book was added on an earlier page, the next page should go on where the last one ended.',
    );

    // The last book that the client has seen, and one before it, are deleted.
    for (const book of [shelf[3], shelf[0]]) await http.delete(pathOf(book), await ifCurrent(http, book));
    const rest = await walk(http, 2, second);
    expectEqual(
      rest.flat(),
      shelf.slice(4).map((book) => book.isbn),
      'After books on earlier pages were deleted, the rest of the walk should show every remaining book once.',
    );
  },

  'refuses-a-bad-query': async ({ http, random }) => {
    for (const book of aShelf(random, 3)) await create(http, book);
    const { next } = await page(http, '?limit=1');
    const limits = ['0', '101', 'abc', '', '-1', '1.5', '5x', '1e1', `${random.integer(102, 9999)}`];
    for (const limit of random.shuffle(limits)) {
      const response = await http.get(`${BOOKS}?limit=${limit}`);
      expectStatus(response, 400, 'A list whose limit is not a whole number from 1 to 100');
    }
    expectStatus(await http.get(`${BOOKS}?limit=1&limit=2`), 400, 'A list with two limits');

    for (const cursor of [random.word(12), 'null', '!', '']) {
      const response = await http.get(`${BOOKS}?limit=1&cursor=${encodeURIComponent(cursor)}`);
      expectStatus(response, 400, 'A list with a cursor that was never handed out');
    }
    if (typeof next === 'string') {
      const cursor = encodeURIComponent(next);
      expectStatus(
        await http.get(`${BOOKS}?cursor=${cursor}&cursor=${cursor}`),
        400,
        'A list with two cursors',
      );
    }
    expectEqual((await page(http, '?limit=2')).items.length, 2, 'A valid limit should be obeyed.');
  },

  'revalidates-with-a-strong-etag': async ({ http, random }) => {
    const book = aBook(random);
    await create(http, aBook(random));
    const created = tagOf(await create(http, book), 'The answer to POST');
    const read = await http.get(pathOf(book));
    const tag = tagOf(read, 'The answer to GET');
    expectEqual(
      tag,
      created,
      'The ETag of a book that did not change should be the same in the answers to POST and GET.',
    );

    // By node:http, not fetch: fetch adds Cache-Control: no-cache to conditional requests.
    const getIfNone = (value) => http.get(pathOf(book), { headers: { 'if-none-match': value } });
    for (const value of [tag, `"${random.word(8)}", ${tag}`, `W/${tag}`, '*']) {
      const response = await getIfNone(value);
      expectStatus(response, 304, 'A GET with an If-None-Match that matches');
      expectEqual(response.text, '', 'A 304 should have no body.');
      expectEqual(response.headers.etag, tag, 'A 304 should carry the ETag.');
    }
    expectStatus(
      await getIfNone(`"${random.word(8)}"`),
      200,
      'A GET with an If-None-Match that does not match',
    );

    const changed = { ...book, title: aTitle(random) };
    const put = await http.put(pathOf(book), changed, ifMatch(tag));
    expectStatus(put, 200, 'A PUT with the current ETag as If-Match');
    const newTag = tagOf(put, 'The answer to PUT');
    assert.notEqual(newTag, tag, 'When a book changes, its ETag should change.');
    const reread = await getIfNone(tag);
    expectStatus(reread, 200, 'A GET with the ETag of an earlier state as If-None-Match');
    expectBook(reread, changed, 'The answer to GET after a change');
    expectEqual(
      tagOf(reread, 'The answer to GET'),
      newTag,
      'GET should carry the ETag that PUT had handed out.',
    );
  },

  'refuses-a-stale-write': async ({ http, random }) => {
    const book = aBook(random);
    await create(http, book);
    const old = (await http.get(pathOf(book))).headers.etag;
    assert.ok(old !== undefined, 'The answer to GET should carry an ETag.');
    const changed = { ...book, year: book.year === 2000 ? 2001 : 2000 };
    expectStatus(
      await http.put(pathOf(book), changed, ifMatch(old)),
      200,
      'A PUT with the current ETag as If-Match',
    );

    for (const tag of [old, `"${random.word(10)}"`]) {
      const put = await http.put(pathOf(book), { ...book, title: aTitle(random) }, ifMatch(tag));
      expectStatus(put, 412, 'A PUT with an If-Match that does not match');
      expectStatus(
        await http.delete(pathOf(book), ifMatch(tag)),
        412,
        'A DELETE with an If-Match that does not match',
      );
    }
    await expectUnchanged(http, changed, 'writes with an old ETag');
  },

  'errors-are-problems': async ({ http, random }) => {
    const book = aBook(random);
    const must = async (what, statuses, request) => {
      const response = await request;
      expectStatus(response, statuses, what);
      expectProblem(response, what);
    };
    await must('An unknown route', 404, http.get(`/${random.word(8)}`));
    await must('An unknown route below a book', 404, http.get(`${pathOf(book)}/${random.word(5)}`));
    await must('A GET of an unknown book', 404, http.get(pathOf(book)));
    await must(
      'A method that a path does not have',
      [404, 405],
      http.request({ method: 'PATCH', path: pathOf(book) }),
    );
    await must('A path that cannot be percent-decoded', [400, 404], http.get(`${BOOKS}/%E0%A4%A`));
    await must('A POST of malformed JSON', 400, sendJson(http, 'POST', BOOKS, `{"isbn": "${book.isbn}",`));

    // Whether these are recognised is for other checks to say; if they are refused, then with a problem.
    await create(http, book);
    const text = { 'content-type': 'text/plain' };
    const refused = {
      'A POST of an invalid book': () => http.post(BOOKS, {}),
      'A POST of a duplicate': () => http.post(BOOKS, book),
      'A POST that is not JSON': () =>
        http.request({ method: 'POST', path: BOOKS, headers: text, body: 'book' }),
      'A POST of null': () => sendJson(http, 'POST', BOOKS, 'null'),
      'A POST without a body': () => http.request({ method: 'POST', path: BOOKS }),
      'A list with a bad limit': () => http.get(`${BOOKS}?limit=none`),
      'A list with a bad cursor': () => http.get(`${BOOKS}?cursor=none`),
      'A PUT without If-Match': () => http.put(pathOf(book), book),
      'A DELETE with a wrong If-Match': () => http.delete(pathOf(book), ifMatch(`"${random.word(9)}"`)),
    };
    for (const [what, request] of Object.entries(refused)) {
      const response = await request();
      if (response.status >= 400) expectProblem(response, what);
    }
  },

  'inherited-names-are-harmless': async ({ http, random }) => {
    const book = aBook(random);
    const fields = JSON.stringify(book).slice(1);
    const year = aYear(random);
    const dangerous = [
      ['__proto__', `{"title": "${random.word(6)}", "year": ${year}}`],
      ['constructor', `{"prototype": {"year": ${year}}}`],
      ['toString', '1'],
    ];
    for (const [name, value] of dangerous) {
      const response = await sendJson(http, 'POST', BOOKS, `{"${name}": ${value}, ${fields}`);
      expectBadFields(
        response,
        [name],
        'A POST with a field named like something that every JavaScript object has',
      );
    }
    const empty = await http.post(BOOKS, {});
    expectStatus(empty, 422, 'A POST of an empty object after requests with dangerous field names');
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      const path = `${BOOKS}/${name}`;
      expectStatus(await http.get(path), 404, 'A GET of a book by a name that every JavaScript object has');
      const gone = await http.delete(path, ifMatch('*'));
      expectStatus(gone, 404, 'A DELETE of a book by a name that every JavaScript object has');
    }
    await create(http, book);
    await expectUnchanged(http, book, 'requests with dangerous names');
  },

  'holds-types-and-bounds': async ({ http, random }) => {
    const wrong = [
      ['isbn', Number(`9${random.digits(12)}`)],
      ['isbn', [random.digits(13)]],
      ['isbn', ` ${random.digits(13)}`],
      ['isbn', `${random.digits(13)}\n`],
      ['title', [random.word(5)]],
      ['title', { length: 5 }],
      ['title', random.integer(1, 99)],
      ['title', true],
      ['title', 'x'.repeat(201)],
      ['year', String(random.integer(1500, 2000))],
      ['year', [random.integer(1500, 2000)]],
      ['year', random.integer(1500, 2000) + 0.5],
      ['year', null],
      ['year', 1449],
      ['year', 2101],
    ];
    for (const [field, value] of random.shuffle(wrong)) {
      const response = await http.post(BOOKS, aBook(random, { [field]: value }));
      expectBadFields(response, [field], 'A POST with one field of a wrong type or out of bounds');
    }
    await create(http, aBook(random, { year: 1450, title: 'x' }));
    await create(http, aBook(random, { year: 2100, title: 'x'.repeat(200) }));

    const book = aBook(random, { title: ` ${aTitle(random)}  ` });
    await create(http, book);
    await expectUnchanged(http, book, 'its title was sent with spaces around it');
    const renamed = await http.put(pathOf(book), aBook(random), await ifCurrent(http, book));
    expectBadFields(renamed, ['isbn'], 'A PUT whose body has another isbn than the path');
    await expectUnchanged(http, book, 'a PUT that was refused');
  },

  'requires-if-match': async ({ http, random }) => {
    const book = aBook(random);
    await create(http, book);
    const changed = { ...book, title: aTitle(random) };
    expectStatus(await http.put(pathOf(book), changed), 428, 'A PUT without If-Match');
    expectStatus(await http.delete(pathOf(book)), 428, 'A DELETE without If-Match');
    await expectUnchanged(http, book, 'writes without If-Match');
  },

  'compares-tags-as-the-rfc-says': async ({ http, random }) => {
    const book = aBook(random);
    const created = tagOf(await create(http, book), 'The answer to POST');
    const put = (value) => http.put(pathOf(book), { ...book, title: aTitle(random) }, ifMatch(value));

    const listed = await put(`"${random.word(8)}", ${created}`);
    expectStatus(listed, 200, 'A PUT whose If-Match lists the current ETag among others');
    const starred = await put('*');
    expectStatus(starred, 200, 'A PUT of an existing book with If-Match: *');
    const current = tagOf(starred, 'The answer to PUT');
    expectStatus(await put(`W/${current}`), 412, 'A PUT whose If-Match is a weak tag');

    // A tag of an earlier life says nothing of the book that has taken its place.
    expectStatus(
      await http.delete(pathOf(book), ifMatch(current)),
      [200, 204],
      'A DELETE with the current ETag',
    );
    const reborn = { ...book, title: `${aTitle(random)}!` };
    await create(http, reborn);
    for (const tag of [created, tagOf(listed, 'The answer to PUT'), current]) {
      expectStatus(
        await put(tag),
        412,
        'A PUT with an ETag from before the book was deleted and created again',
      );
    }
    await expectUnchanged(http, reborn, 'writes with an ETag of an earlier book');
  },

  'parallel-puts-one-wins': async ({ http, random }) => {
    const book = aBook(random);
    await create(http, book);
    const inParallel = async (writes) => {
      const { headers } = await http.get(pathOf(book));
      assert.ok(headers.etag !== undefined, 'The answer to GET should carry an ETag.');
      return Promise.all(writes.map((write) => write(ifMatch(headers.etag))));
    };
    for (let round = 0; round < 10; round += 1) {
      const versions = Array.from({ length: 8 }, (_, index) => ({
        ...book,
        title: `${aTitle(random)} ${round}.${index}`,
      }));
      const responses = await inParallel(
        versions.map((version) => (options) => http.put(pathOf(book), version, options)),
      );
      const winners = versions.filter((_, index) => responses[index].status === 200);
      expectEqual(
        winners.length,
        1,
        'Of several PUTs with the same If-Match at the same time, exactly one should get 200.',
      );
      for (const response of responses) {
        expectStatus(response, [200, 412], 'A PUT, among others with the same If-Match at the same time,');
      }
      await expectUnchanged(http, winners[0], 'parallel PUTs, of which one succeeded');
    }

    const put = (options) => http.put(pathOf(book), { ...book, title: `${aTitle(random)}?` }, options);
    const remove = (options) => http.delete(pathOf(book), options);
    const mixed = await inParallel([put, remove, put, remove]);
    const succeeded = mixed.filter((response) => [200, 204].includes(response.status));
    expectEqual(
      succeeded.length,
      1,
      'Of PUTs and DELETEs with the same If-Match at the same time, exactly one should succeed.',
    );
    for (const response of mixed) {
      expectStatus(response, [200, 204, 404, 412], 'A PUT or DELETE, among others with the same If-Match,');
    }
  },
};
