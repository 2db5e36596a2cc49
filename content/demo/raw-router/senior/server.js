import http from 'node:http';
import { createDispatcher } from './src/dispatcher.js';
import { noteResource } from './src/note-resource.js';

const dispatch = createDispatcher({ '/notes/:id': noteResource(new Map()) });

http.createServer(dispatch).listen(Number(process.env.PORT ?? 3000), '127.0.0.1');
