import { readJson } from './body.js';
import { HttpError } from './http-error.js';

/** The routes of an empty collection of notes. Handlers answer with `{ status, headers?, json? }`. */
export function createNoteRoutes() {
  const texts = {};

  function find(id) {
    if (texts[id] === undefined) throw new HttpError(404, 'There is no such note');
    return texts[id];
  }

  return [
    {
      pattern: '/notes/:id',
      methods: {
        GET: ({ id }) => ({ status: 200, json: { text: find(id) } }),

        PUT: async ({ id }, req) => {
          const text = textOf(await readJson(req));
          const isNew = texts[id] === undefined;
          texts[id] = text;
          if (!isNew) return { status: 200, json: { text } };
          return { status: 201, headers: { location: `/notes/${encodeURIComponent(id)}` }, json: { text } };
        },

        DELETE: ({ id }) => {
          find(id);
          delete texts[id];
          return { status: 204 };
        },
      },
    },
  ];
}

function textOf(body) {
  if (typeof body?.text !== 'string') throw new HttpError(400, 'The body has to be {"text": "…"}');
  return body.text;
}
