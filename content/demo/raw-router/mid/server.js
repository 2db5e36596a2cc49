import http from 'node:http';
import { handleRequest } from './src/handler.js';

const port = process.env.PORT || 3000;

http.createServer(handleRequest).listen(port, '127.0.0.1', () => console.log(`notes listening on ${port}`));
