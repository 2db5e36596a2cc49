import express from 'express';
import * as store from './store.js';

export const app = express();

app.use(express.json());

// One route to show how things hang together. It knows nothing of pages yet.
app.get('/v1/books', async (_req, res) => {
  const items = await store.all();
  res.json({ items, next: null });
});

// Over to you.
