import assert from 'node:assert/strict';
import {
  anId,
  aText,
  bodyOf,
  expectEqual,
  expectMethodRefused,
  expectNoNote,
  expectNote,
  expectStatus,
  locationOf,
  MAX_BODY_BYTES,
  pathOf,
  putBody,
  store,
} from './notes.mjs';
import { expectNoDependencies, expectNoImports } from './packages.mjs';
import {
  answerWithin,
  bodyOfBytes,
  endlessUpload,
  expectPromptRefusal,
  letServerRead,
  openPut,
} from './uploads.mjs';

const STACK_TRACE = /(\n|\\n)\s*at |&nbsp;at |node:internal|\.[cm]?js:\d+/;

/** Headers of the connection, which GET and HEAD need not share. */
const OWN_HEADERS = ['date', 'connection', 'keep-alive', 'transfer-encoding'];

/** Headers whose values describe the note. Others, such as a request's number, may differ from answer to answer. */
const OF_THE_NOTE = /^(?:content-|etag$|last-modified$)/;

const ANY_4XX = Array.from({ length: 100 }, (_, index) => 400 + index);

/** A 4xx, which one is left open. */
function expectRefused(response, what) {
  assert.ok(
    ANY_4XX.includes(response.status),
    `${what} should be answered with a 4xx status, but was answered with ${response.status}.`,
  );
  expectNoStack(response, what);
}

function expectNoStack(response, what) {
  assert.doesNotMatch(response.text, STACK_TRACE, `${what} should be answered without a stack trace.`);
}

export default {
  'keeps-a-note': async ({ http, random }) => {
    const path = pathOf(anId(random));
    const otherPath = pathOf(anId(random));
    const text = ` ${aText(random)}\n"Zażółć" \\ 東京 🚲  `;
    const otherText = aText(random);
    const created = await putBody(http, path, bodyOf(text));
    expectStatus(created, 201, 'A PUT of a note whose id is new');
    expectEqual(locationOf(created, path), path, 'The Location of a new note should be its URL.');
    await store(http, otherPath, otherText);

    const read = await expectNote(http, path, text, 'A GET of a note that was stored');
    assert.match(
      read.headers['content-type'] ?? '',
      /^application\/json\b/i,
      'A note should be sent as application/json.',
    );

    const changed = aText(random);
    for (const what of ['A PUT that replaces a note', 'A PUT that is repeated']) {
      expectStatus(await putBody(http, path, bodyOf(changed)), 200, what);
      await expectNote(http, path, changed, 'A GET of a note that was replaced');
    }
    const deleted = await http.delete(path);
    expectStatus(deleted, 204, 'A DELETE of a note');
    expectEqual(deleted.text, '', 'A 204 should have no body.');
    await expectNoNote(http, path, 'A GET of a note that was deleted');
    expectStatus(await http.delete(path), 404, 'A second DELETE of the same note');
    expectStatus(await store(http, path, text), 201, 'A PUT of a note that was deleted before');
    await expectNote(http, otherPath, otherText, 'A GET of a note that was left alone');
  },

  'tells-404-from-405': async ({ http, random }) => {
    const path = pathOf(anId(random));
    expectStatus(await http.get('/nope'), 404, 'A GET of an unknown path');
    expectStatus(await http.get('/'), 404, 'A GET of /');
    const unknown = `/${random.word(8)}`;
    for (const method of ['GET', 'PUT', 'DELETE', 'POST']) {
      const json = method === 'PUT' || method === 'POST' ? { text: aText(random) } : undefined;
      const response = await http.request({ method, path: unknown, json });
      expectStatus(response, 404, `A ${method} of an unknown path`);
    }
    expectMethodRefused(
      await http.post(path, { text: aText(random) }),
      'A POST to the path of a note that does not exist',
    );
    await expectNoNote(http, path, 'A GET of a note after a POST that was refused');
    await store(http, path, aText(random));
    for (const method of ['POST', 'PATCH']) {
      const response = await http.request({ method, path, json: { text: aText(random) } });
      expectMethodRefused(response, `A ${method} to the path of a note`);
    }
  },

  'ignores-the-query': async ({ http, random }) => {
    const path = pathOf(anId(random));
    const text = aText(random);
    await store(http, path, text);
    for (const query of ['?x=1', '?', `?${random.word(4)}=a/b&y=%2F`, '?a=?b']) {
      await expectNote(http, path + query, text, 'A GET of a note with a query string');
    }
    const changed = aText(random);
    expectStatus(
      await putBody(http, `${path}?${random.word(3)}`, bodyOf(changed)),
      200,
      'A PUT that replaces a note, with a query string',
    );
    await expectNote(http, path, changed, 'A GET of a note that was replaced');
    expectStatus(await http.delete(`${path}?x=1`), 204, 'A DELETE of a note with a query string');
    await expectNoNote(http, path, 'A GET of a note that was deleted');
  },

  'keeps-split-characters': async ({ http, random }) => {
    const path = pathOf(anId(random));
    const text = `${aText(random)} é${random.word(4)}é 世${random.word(4)}世 🚲${random.word(4)}🚲`;
    const body = bodyOf(text);

    const slowly = openPut(http, path);
    const inside = [...body.keys()].filter((index) => (body[index] & 0xc0) === 0x80);
    let sent = 0;
    for (const cut of inside) {
      await slowly.write(body.subarray(sent, cut));
      sent = cut;
      await letServerRead(http, path);
    }
    await slowly.write(body.subarray(sent));
    await slowly.end();
    expectStatus(await slowly.answer, [200, 201], 'A PUT whose body comes in pieces');
    await expectNote(http, path, text, 'A GET of a note whose characters were cut between two pieces');

    const quickly = openPut(http, path);
    for (const byte of body) await quickly.write(Buffer.of(byte));
    await quickly.end();
    expectStatus(await quickly.answer, [200, 201], 'A PUT whose body comes byte by byte');
    await expectNote(http, path, text, 'A GET of a note that was sent byte by byte');
  },

  'survives-malformed-bodies': async ({ http, random }) => {
    const path = pathOf(anId(random));
    const otherPath = pathOf(anId(random));
    const text = aText(random);
    await store(http, path, text);
    const valid = bodyOf(aText(random)).toString();
    const malformed = [valid.slice(0, -1), `${valid}}`, `{text: "${random.word(5)}"}`, random.word(9), ''];
    for (const body of random.shuffle(malformed)) {
      for (const target of [path, otherPath]) {
        const response = await putBody(http, target, body);
        expectStatus(response, 400, 'A PUT whose body is not well-formed JSON');
        expectNoStack(response, 'A PUT whose body is not well-formed JSON');
      }
    }
    const headers = { 'content-type': 'application/json' };
    expectStatus(await http.request({ method: 'PUT', path, headers }), 400, 'A PUT without a body');
    await expectNote(http, path, text, 'A GET of a note after several PUTs that were refused');
    await expectNoNote(http, otherPath, 'A GET of a note whose PUT was refused');
    expectStatus(
      await putBody(http, path, bodyOf(aText(random))),
      200,
      'A valid PUT after several that were refused',
    );
  },

  'has-no-dependencies': async ({ solution }) => {
    expectNoDependencies(solution.read('package.json'));
    for (const path of solution.paths) expectNoImports(path, solution);
  },

  'head-mirrors-get': async ({ http, random }) => {
    const path = pathOf(anId(random));
    expectStatus(await http.head(path), 404, 'A HEAD of a note that does not exist');
    expectStatus(await http.head(`/${random.word(8)}`), 404, 'A HEAD of an unknown path');

    await store(http, path, `${aText(random)} é世🚲`);
    const got = await http.get(path);
    expectStatus(got, 200, 'A GET of a note that was stored');
    const mirrored = await http.head(path);
    expectStatus(mirrored, 200, 'A HEAD of a note that was stored');
    expectEqual(mirrored.text, '', 'The answer to HEAD should have no body.');
    for (const [name, value] of Object.entries(got.headers)) {
      if (OWN_HEADERS.includes(name)) continue;
      assert.ok(name in mirrored.headers, `The answer to HEAD should have the ${name} header that GET has.`);
      if (!OF_THE_NOTE.test(name)) continue;
      expectEqual(mirrored.headers[name], value, `The answers to HEAD and GET should have the same ${name}.`);
    }
    expectStatus(await http.head(`${path}?x=1`), 200, 'A HEAD of a note with a query string');
  },

  'decodes-one-segment': async ({ http, random }) => {
    const [left, right] = [anId(random), anId(random)];
    const text = aText(random);
    const path = `/notes/${left}%2F${right}`;
    await store(http, path, text);
    await expectNote(http, path, text, 'A GET of a note whose id has a slash');
    await expectNote(
      http,
      `/notes/${left}%2f${right}`,
      text,
      'A GET of a note whose id is percent-encoded in lower case',
    );
    await expectNoNote(http, `/notes/${left}/${right}`, 'A GET of a path with a segment after the id');
    await expectNoNote(http, `/notes/${left}`, 'A GET of a part of an id');

    const coded = anId(random);
    const codedText = aText(random);
    await store(http, `/notes/${coded}%C3%A9`, codedText);
    const first = coded.charCodeAt(0).toString(16);
    await expectNote(
      http,
      `/notes/%${first}${coded.slice(1)}%c3%a9`,
      codedText,
      'A GET of a note whose id is percent-encoded in another way',
    );

    for (const id of ['%E0%A4%A', '%', `${random.word(3)}%zz`, '%C3', '%FF']) {
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const json = method === 'PUT' ? { text: aText(random) } : undefined;
        const response = await http.request({ method, path: `/notes/${id}`, json });
        expectStatus(response, 400, `A ${method} with an id that cannot be percent-decoded`);
        expectNoStack(response, `A ${method} with an id that cannot be percent-decoded`);
      }
    }
    await expectNote(http, path, text, 'A GET of a note after several requests that were refused');
  },

  'tells-paths-apart': async ({ http, random }) => {
    const id = anId(random);
    const path = pathOf(id);
    const text = aText(random);
    await store(http, path, text);
    const strangers = {
      'the path /notes': '/notes',
      'the path /notes/': '/notes/',
      'the path of a note with a slash behind it': `${path}/`,
      'a path with a segment after the id': `${path}/${random.word(4)}`,
      'a path with a segment before /notes': `/${random.word(4)}${path}`,
      'a path that only begins like /notes': `/notes${random.word(3)}/${id}`,
      'the path of an id without /notes': `/${id}`,
      'the path of a note in capital letters': `/NOTES/${id}`,
    };
    for (const [what, stranger] of Object.entries(strangers)) {
      for (const method of random.shuffle(['GET', 'HEAD', 'PUT', 'DELETE', 'POST'])) {
        const json = method === 'PUT' || method === 'POST' ? { text: aText(random) } : undefined;
        const response = await http.request({ method, path: stranger, json });
        expectStatus(response, 404, `A ${method} to ${what}`);
      }
    }
    await expectNote(http, path, text, 'A GET of a note after requests to other paths');
    for (const known of [`/notes/${id}%2F${random.word(3)}`, '/notes/%C3%A9', `${path}?x=1`]) {
      const response = await http.post(known, { text: aText(random) });
      expectMethodRefused(response, 'A POST to the path of a note, percent-encoded or with a query string,');
    }
  },

  'keeps-uploads-apart': async ({ http, random }) => {
    const notes = Array.from({ length: 4 }, () => ({
      path: pathOf(anId(random)),
      text: `${aText(random)} ${aText(random)}`,
    }));
    const uploads = notes.map(({ path, text }) => ({
      exchange: openPut(http, path),
      body: bodyOf(text),
      sent: 0,
    }));
    for (const share of [0.3, 0.6, 1]) {
      for (const upload of random.shuffle(uploads)) {
        const end = Math.floor(upload.body.length * share);
        await upload.exchange.write(upload.body.subarray(upload.sent, end));
        upload.sent = end;
      }
      await letServerRead(http, notes[0].path);
    }
    for (const { exchange } of random.shuffle(uploads)) {
      await exchange.end();
      expectStatus(await exchange.answer, 201, 'A PUT of a new note, among others at the same time,');
    }
    for (const { path, text } of notes) {
      await expectNote(http, path, text, 'A GET of a note that was sent while others were');
    }
  },

  'sees-what-happened-meanwhile': async ({ http, random }) => {
    const path = pathOf(anId(random));
    const slow = openPut(http, path);
    const slowText = aText(random);
    await slow.write(bodyOf(slowText).subarray(0, 9));
    await letServerRead(http, path);
    expectStatus(await store(http, path, aText(random)), 201, 'The first PUT of a note to be complete');
    await slow.write(bodyOf(slowText).subarray(9));
    await slow.end();
    expectStatus(await slow.answer, 200, 'A PUT of a note that was created while its body was on the way');
    await expectNote(http, path, slowText, 'A GET of a note that was replaced');
  },

  'survives-aborted-uploads': async ({ http, random }) => {
    const path = pathOf(anId(random));
    const text = aText(random);
    await store(http, path, text);
    for (let round = 0; round < 5; round += 1) {
      const uploads = [];
      for (let count = 0; count < 10; count += 1) {
        const headers = count % 2 === 0 ? { 'content-length': '5000' } : {};
        const target = count % 4 < 2 ? path : pathOf(anId(random));
        const upload = openPut(http, target, headers);
        // Nobody waits for an answer to what is about to be broken off.
        upload.answer.catch(() => {});
        await upload.write(bodyOf(random.word(200)).subarray(0, random.integer(1, 190)));
        uploads.push(upload);
      }
      await letServerRead(http, path);
      for (const upload of uploads) upload.abort();
      for (let count = 0; count < 3; count += 1) {
        await expectNote(http, path, text, 'A GET of a note after uploads that were broken off');
      }
    }
    const changed = aText(random);
    expectStatus(await putBody(http, path, bodyOf(changed)), 200, 'A PUT after uploads that were broken off');
    await expectNote(http, path, changed, 'A GET of a note that was replaced');
  },

  'refuses-large-bodies-promptly': async ({ http, random }) => {
    const path = pathOf(anId(random));
    const newPath = pathOf(anId(random));
    const text = aText(random);
    await store(http, path, text);
    const { body } = bodyOfBytes(MAX_BODY_BYTES + 1);
    for (const target of [path, newPath]) {
      const upload = openPut(http, target);
      await upload.write(body.subarray(0, 20_000));
      await upload.write(body.subarray(20_000, MAX_BODY_BYTES));
      await letServerRead(http, path);
      await upload.write(body.subarray(MAX_BODY_BYTES));
      await expectPromptRefusal(upload, 'A body of more than 64 KiB');
      upload.abort();
    }
    await expectNote(http, path, text, 'A GET of a note after a PUT that was refused');
    await expectNoNote(http, newPath, 'A GET of a note whose PUT was refused');
    expectStatus(await store(http, path, aText(random)), 200, 'A PUT after one that was too long');
  },

  'counts-bytes-exactly': async ({ http, random }) => {
    const path = pathOf(anId(random));
    const full = bodyOfBytes(MAX_BODY_BYTES, random.word(7));
    expectStatus(
      await putBody(http, path, full.body),
      201,
      'A PUT with a body of exactly 65,536 bytes and a Content-Length',
    );
    await expectNote(http, path, full.text, 'A GET of a note of the largest size');

    const chunked = bodyOfBytes(MAX_BODY_BYTES, 'é');
    const upload = openPut(http, path);
    await upload.write(chunked.body);
    await upload.end();
    expectStatus(await upload.answer, 200, 'A PUT with a chunked body of exactly 65,536 bytes');
    await expectNote(http, path, chunked.text, 'A GET of a note of the largest size');

    const tooLong = bodyOfBytes(MAX_BODY_BYTES + 1, '世');
    const refused = openPut(http, path);
    await refused.write(tooLong.body);
    // Who closes right after the 413 must not find us sending; who waits for the end fails another check than this.
    if ((await answerWithin(refused, 2_000)) === undefined) await refused.end();
    expectStatus(await refused.answer, 413, 'A PUT with a body of 65,537 bytes, though fewer characters,');
    await expectNote(http, path, chunked.text, 'A GET of a note after a PUT that was refused');
  },

  'holds-to-the-shape': async ({ http, random }) => {
    const path = pathOf(anId(random));
    const newPath = pathOf(anId(random));
    const text = aText(random);
    await store(http, path, text);
    const word = random.word(6);
    const misshapen = [null, [], [{ text: word }], random.integer(1, 99), word, true, {}]
      .concat([random.integer(1, 99), null, true, [word], { text: word }].map((value) => ({ text: value })))
      .concat([{ Text: word }, { note: { text: word } }]);
    const bodies = misshapen.map((body) => JSON.stringify(body));
    bodies.push(`{"__proto__": {"text": "${word}"}}`);
    for (const body of random.shuffle(bodies)) {
      for (const target of [path, newPath]) {
        const response = await putBody(http, target, body);
        expectStatus(response, 400, 'A PUT of JSON that is not an object with a string as text');
        expectNoStack(response, 'A PUT of JSON that is not an object with a string as text');
      }
    }
    await expectNote(http, path, text, 'A GET of a note after several PUTs that were refused');
    await expectNoNote(http, newPath, 'A GET of a note whose PUT was refused');

    expectStatus(await putBody(http, path, bodyOf('')), 200, 'A PUT of an empty text');
    await expectNote(http, path, '', 'A GET of a note with an empty text');
    const more = JSON.stringify({ [random.word(5)]: [1], text, id: random.word(4) });
    expectStatus(await putBody(http, newPath, more), 201, 'A PUT of a note with other fields');
    await expectNote(http, newPath, text, 'A GET of a note that was sent with other fields');
  },

  'takes-any-name': async ({ http, random }) => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'];
    for (const name of names) {
      const path = `/notes/${name}`;
      const what = 'a note whose id is a name that every JavaScript object has';
      await expectNoNote(http, path, `A GET of ${what}, before it was stored,`);
      expectStatus(await http.delete(path), 404, `A DELETE of ${what}, before it was stored,`);
      const text = aText(random);
      expectStatus(await putBody(http, path, bodyOf(text)), 201, `A PUT of ${what}`);
      await expectNote(http, path, text, `A GET of ${what}`);
      expectStatus(await http.delete(path), 204, `A DELETE of ${what}`);
      await expectNoNote(http, path, `A GET of ${what}, after it was deleted,`);
    }
    await expectNoNote(http, pathOf(anId(random)), 'A GET of a note that was never stored');
  },

  'refuses-before-the-body': async ({ http, random }) => {
    const path = pathOf(anId(random));
    const text = aText(random);
    await store(http, path, text);
    for (const announced of [MAX_BODY_BYTES + 1, random.integer(1_000_000, 900_000_000)]) {
      const upload = openPut(http, path, { 'content-length': String(announced) });
      await expectPromptRefusal(upload, 'A PUT whose Content-Length is more than 65,536');
      upload.abort();
    }
    await expectNote(http, path, text, 'A GET of a note after a PUT that was refused');
  },

  'closes-after-413': async ({ http, random }) => {
    const path = pathOf(anId(random));
    const uploads = await Promise.all([
      endlessUpload(path, { goesOn: true }),
      endlessUpload(path, { goesOn: false }),
    ]);
    for (const { status, isClosed } of uploads) {
      expectEqual(status, 413, 'A body of more than 64 KiB should be answered with 413.');
      assert.ok(
        isClosed,
        'Within two seconds after a 413 the connection should be closed, whether the client goes on sending or not.',
      );
    }
    await expectNoNote(http, path, 'A GET of a note whose PUT was refused');
  },

  'stores-whole-bodies-only': async ({ http, random }) => {
    for (const announced of [true, false]) {
      const path = pathOf(anId(random));
      const newPath = pathOf(anId(random));
      const text = aText(random);
      await store(http, path, text);
      for (const target of [path, newPath]) {
        const body = bodyOf(aText(random));
        // What arrives is a note, but the message says that more follows.
        const upload = openPut(http, target, announced ? { 'content-length': String(body.length + 1) } : {});
        const answer = upload.answer.catch(() => undefined);
        await upload.write(body);
        await letServerRead(http, path);
        const early = await Promise.race([answer, letServerRead(http, path).then(() => undefined)]);
        assert.ok(early === undefined, 'A PUT should not be answered before its body is complete.');
        upload.abort();
      }
      for (let count = 0; count < 5; count += 1) {
        await expectNote(http, path, text, 'A GET of a note after an upload that was broken off');
        await expectNoNote(http, newPath, 'A GET of a note whose upload was broken off');
      }
    }
  },

  'refuses-invalid-utf8': async ({ http, random }) => {
    const path = pathOf(anId(random));
    const newPath = pathOf(anId(random));
    const text = aText(random);
    await store(http, path, text);
    const sequences = [[0xff], [0xc3], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xe9], [0xf0, 0x9f, 0x9a]];
    for (const bytes of random.shuffle(sequences)) {
      const body = Buffer.concat([
        Buffer.from(`{"text": "${random.word(5)}`),
        Buffer.from(bytes),
        Buffer.from(`${random.word(5)}"}`),
      ]);
      for (const target of [path, newPath]) {
        expectStatus(await putBody(http, target, body), 400, 'A PUT whose body is not valid UTF-8');
      }
    }
    await expectNote(http, path, text, 'A GET of a note after several PUTs that were refused');
    await expectNoNote(http, newPath, 'A GET of a note whose PUT was refused');
    const replacement = `${aText(random)} \u{fffd}`;
    await store(http, path, replacement);
    await expectNote(http, path, replacement, 'A GET of a note with a replacement character of its own');
  },

  'reaches-every-id': async ({ http, random }) => {
    const word = anId(random);
    const ids = [
      '',
      ' ',
      'A',
      'a',
      'a b',
      'a+b',
      'a;b=c&d',
      '$a:b,c@d',
      'a?b',
      'a#b',
      '/',
      '//',
      '100%',
      '%41',
      '%2F',
      'a\r\nB: c',
      '\0',
      'caf\u00e9',
      'cafe\u0301',
      '世界',
      '🚲',
    ];
    const notes = ids.map((id) => ({ path: pathOf(word + id), text: aText(random) }));
    for (const note of notes) {
      const created = await putBody(http, note.path, bodyOf(note.text));
      expectStatus(created, 201, 'A PUT of a note whose id is new, with a special character,');
      note.location = locationOf(created, note.path);
    }
    for (const { path, location, text } of notes) {
      await expectNote(http, path, text, 'A GET of a note whose id has a special character');
      await expectNote(
        http,
        location,
        text,
        'A GET of the Location of a note whose id has a special character',
      );
      // The same id with nothing encoded that may stand for itself, and with everything encoded.
      const bare = path.replace(/%(?:2B|24|26|2C|3A|3B|3D|40)/g, decodeURIComponent);
      await expectNote(http, bare, text, 'A GET of a note, with no more characters encoded than necessary,');
      const id = Buffer.from(decodeURIComponent(path.slice('/notes/'.length)));
      const coded = [...id].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
      expectStatus(
        await http.delete(`/notes/${coded}`),
        204,
        'A DELETE of a note, with every character encoded,',
      );
      await expectNoNote(http, path, 'A GET of a note that was deleted');
    }
  },

  'survives-odd-targets': async ({ http, random }) => {
    const id = anId(random);
    const path = pathOf(id);
    const text = aText(random);
    await store(http, path, text);
    const targets = [
      '//',
      '///',
      '/%',
      '//%',
      '/\\',
      '//:',
      '//[',
      '/?%',
      '/notes//',
      `//${random.word(4)}/notes/${id}`,
    ];
    for (const target of random.shuffle([...targets, '*', 'http://[', 'http://'])) {
      for (const method of ['GET', 'DELETE']) {
        const response = await http.request({ method, path: target });
        expectRefused(response, 'A request with something odd in the place of its path');
      }
    }
    await expectNote(http, path, text, 'A GET of a note after several odd requests');
  },
};
