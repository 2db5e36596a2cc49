import {
  anId,
  aText,
  expectMethodRefused,
  expectNoNote,
  expectNote,
  expectStatus,
  pathOf,
  putBody,
  store,
} from './notes.mjs';

export default {
  'stores-and-reads-a-note': async ({ http, random }) => {
    const path = pathOf(anId(random));
    const text = aText(random);
    expectStatus(await store(http, path, text), 201, 'A PUT of a new note');
    await expectNote(http, path, text, 'A GET of a note that was stored');
    await expectNoNote(http, pathOf(anId(random)), 'A GET of a note that was never stored');
  },

  'deletes-a-note': async ({ http, random }) => {
    const path = pathOf(anId(random));
    await store(http, path, aText(random));
    expectStatus(await http.delete(path), 204, 'A DELETE of a note');
    await expectNoNote(http, path, 'A GET of a note that was deleted');
  },

  'refuses-another-method': async ({ http, random }) => {
    const response = await http.post(pathOf(anId(random)), { text: aText(random) });
    expectMethodRefused(response, "A POST to a note's path");
    expectStatus(await http.get('/nope'), 404, 'A GET of an unknown path');
  },

  'refuses-malformed-json': async ({ http, random }) => {
    const path = pathOf(anId(random));
    expectStatus(await putBody(http, path, '{"text": '), 400, 'A PUT of malformed JSON');
    expectStatus(await store(http, path, aText(random)), 201, 'A valid PUT after a malformed one');
  },
};
