import { createServer } from 'node:http';
import { createApp } from './app.js';
import { createNoteRoutes } from './notes.js';

const port = Number(process.env.PORT ?? 3000);

createServer(createApp(createNoteRoutes())).listen(port, '127.0.0.1', () => {
  console.log(`Listening on http://127.0.0.1:${port}`);
});
