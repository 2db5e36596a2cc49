import { jsonBody } from './json-body.js';
import { Reply, refusal } from './reply.js';

/** The handlers of one note. `notes` maps ids to texts; a Map, since ids come from strangers. */
export function noteResource(notes) {
  const mustExist = (id) => {
    if (!notes.has(id)) throw refusal(404, 'No such note');
  };

  return {
    GET({ id }) {
      mustExist(id);
      return new Reply(200, { json: { text: notes.get(id) } });
    },

    async PUT({ id }, req) {
      const body = await jsonBody(req);
      if (typeof body?.text !== 'string') throw refusal(400, 'The body has to be an object with a text');
      // No await from here on: nobody can come between the question and the answer.
      const status = notes.has(id) ? 200 : 201;
      notes.set(id, body.text);
      return new Reply(status, {
        headers: status === 201 ? { Location: `/notes/${encodeURIComponent(id)}` } : {},
        json: { text: body.text },
      });
    },

    DELETE({ id }) {
      mustExist(id);
      notes.delete(id);
      return new Reply(204);
    },
  };
}
