import express from 'express';
import { parseBook } from './book-schema.js';
import { encodeCursor, parsePaging } from './paging.js';
import { etag, ifMatch } from './preconditions.js';
import { unsupportedMediaType } from './problem.js';

const toBook = ({ isbn, title, year }) => ({ isbn, title, year });

const sendBook = (res, record) => res.set('ETag', etag(record)).json(toBook(record));

function onlyJson(req, _res, next) {
  next(req.is('application/json') ? undefined : unsupportedMediaType());
}

export function createBookRoutes(catalogue) {
  const routes = express.Router();
  const json = [onlyJson, express.json()];

  routes.post('/', json, async (req, res) => {
    const record = await catalogue.add(parseBook(req.body));
    res.status(201).location(`${req.baseUrl}/${record.isbn}`);
    sendBook(res, record);
  });

  routes.get('/', async (req, res) => {
    const { records, more } = await catalogue.page(parsePaging(req.query));
    res.json({ items: records.map(toBook), next: more ? encodeCursor(records.at(-1)) : null });
  });

  // Express compares If-None-Match with the ETag that we set, and answers 304 itself.
  routes.get('/:isbn', async (req, res) => sendBook(res, await catalogue.get(req.params.isbn)));

  routes.put('/:isbn', json, async (req, res) => {
    const book = parseBook(req.body, req.params);
    sendBook(res, await catalogue.replace(book, ifMatch(req)));
  });

  routes.delete('/:isbn', async (req, res) => {
    await catalogue.remove(req.params.isbn, ifMatch(req));
    res.status(204).end();
  });

  return routes;
}
