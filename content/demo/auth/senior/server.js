import { createServer } from 'node:http';
import { createApp } from './src/app.js';
import { loadConfig } from './src/config.js';
import * as orders from './src/orders.js';
import * as users from './src/users.js';

let config;
try {
  config = loadConfig(process.env);
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

const server = createServer(createApp({ ...config, users, orders }));

server.listen(config.port, '127.0.0.1', () => {
  console.log(JSON.stringify({ msg: 'listening', ...server.address() }));
});

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => {
    server.close();
    server.closeIdleConnections();
  });
}
