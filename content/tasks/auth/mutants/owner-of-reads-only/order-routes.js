import express from 'express';
import { HttpError } from './errors.js';
import * as orders from './orders.js';
import * as users from './users.js';

/** What is under `/users/:id/orders`. Whether the caller may see it is decided before. */
export const orderRoutes = express.Router({ mergeParams: true });

orderRoutes.use(express.json());

orderRoutes.param('orderId', async (req, _res, next, orderId) => {
  req.order = await orders.find(orderId);
  if (!req.order || (['GET', 'HEAD'].includes(req.method) && req.order.userId !== req.params.id)) throw new HttpError(404, 'Not found');
  next();
});

orderRoutes.get('/', async (req, res) => {
  const user = await users.findById(req.params.id);
  if (!user) throw new HttpError(404, 'Not found');
  res.json({ items: await orders.ofUser(user.id) });
});

orderRoutes.get('/:orderId', (req, res) => {
  res.json(req.order);
});

orderRoutes.patch('/:orderId', async (req, res) => {
  const note = req.body?.note;
  if (typeof note !== 'string' || note.length > 200) {
    throw new HttpError(400, 'note has to be a text of at most 200 characters');
  }
  res.json(await orders.setNote(req.order.id, note));
});

orderRoutes.delete('/:orderId', async (req, res) => {
  await orders.remove(req.order.id);
  res.status(204).end();
});
