import { createServer } from 'node:http';
import { createApp } from './src/app.js';
import * as store from './src/store.js';

const server = createServer(createApp({ store }));

server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(JSON.stringify({ msg: 'listening', ...server.address() }));
});

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => {
    server.close();
    server.closeIdleConnections();
  });
}
