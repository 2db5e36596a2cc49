import { json, Router } from 'express';
import { badRequest, notFound } from './http-error.js';

const MAX_NOTE = 200;

function parseNote(body) {
  const note = body?.note;
  if (typeof note !== 'string' || note.length > MAX_NOTE) {
    throw badRequest(`note must be a string of at most ${MAX_NOTE} characters`);
  }
  return note;
}

/** The routes under /users/:id/orders, for callers that are already known to be allowed there. */
export function createOrderRoutes({ users, orders }) {
  const routes = Router({ mergeParams: true });

  /** Never find an order without saying whose it has to be. */
  async function ownOrder({ id, orderId }) {
    const order = await orders.find(orderId);
    if (order?.userId !== id) throw notFound();
    return order;
  }

  routes.get('/', async (req, res) => {
    const user = await users.findById(req.params.id);
    if (!user) throw notFound();
    res.json({ items: await orders.ofUser(user.id) });
  });

  routes.get('/:orderId', async (req, res) => {
    res.json(await ownOrder(req.params));
  });

  routes.patch('/:orderId', json(), async (req, res) => {
    const { id } = await ownOrder(req.params);
    res.json(await orders.setNote(id, parseNote(req.body)));
  });

  routes.delete('/:orderId', async (req, res) => {
    const { id } = await ownOrder(req.params);
    await orders.remove(id);
    res.status(204).end();
  });

  return routes;
}
