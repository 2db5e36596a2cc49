import { Router } from 'express';
import { HttpError, NotFound } from './errors.js';
import * as orders from './orders.js';
import * as users from './users.js';

export const ordersRouter = Router({ mergeParams: true });

/** An order counts only under the user it belongs to. */
async function findOrder({ id, orderId }) {
  const order = await orders.find(orderId);
  if (!order || order.userId !== id) throw new NotFound();
  return order;
}

ordersRouter.get('/', async (req, res) => {
  const user = await users.findById(req.params.id);
  if (!user) throw new NotFound();
  res.json({ items: await orders.ofUser(user.id) });
});

ordersRouter.get('/:orderId', async (req, res) => {
  res.json(await findOrder(req.params));
});

ordersRouter.patch('/:orderId', async (req, res) => {
  const order = await findOrder(req.params);
  const note = req.body?.note;
  if (typeof note !== 'string' || note.length > 200) {
    throw new HttpError(400, 'note must be a string of at most 200 characters');
  }
  res.json(await orders.setNote(order.id, note));
});

ordersRouter.delete('/:orderId', async (req, res) => {
  const order = await findOrder(req.params);
  await orders.remove(order.id);
  res.status(204).end();
});
