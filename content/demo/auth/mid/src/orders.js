import { readFileSync } from 'node:fs';

/** The orders, in memory: stands in for the database that will come later, so every call returns a promise. */
const seed = JSON.parse(readFileSync(new URL('./data/orders.json', import.meta.url), 'utf8'));
const orders = new Map(seed.map((order) => [order.id, order]));

/** A user's orders: `{ id, userId, item, quantity, note }`. */
export async function ofUser(userId) {
  return [...orders.values()].filter((order) => order.userId === userId);
}

/** The order with this id, whoever's it is, or undefined. */
export async function find(id) {
  return orders.get(id);
}

/** Changes the note of an order that is there, and gives the order back. */
export async function setNote(id, note) {
  const order = { ...orders.get(id), note };
  orders.set(id, order);
  return order;
}

export async function remove(id) {
  orders.delete(id);
}
