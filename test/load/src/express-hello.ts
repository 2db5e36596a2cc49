import type { RequestListener } from 'node:http';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

// The peer: what Express 5 does when nobody asks anything of it. It stands among the packages that candidates may use.
const EXPRESS = join(import.meta.dirname, '../../../content/runtime/node_modules/express');

interface ExpressApp extends RequestListener {
  get(path: string, handle: (request: unknown, response: { send(text: string): void }) => void): void;
}
// Express brings no types; this is all of it that is used here.
const express = createRequire(import.meta.url)(EXPRESS) as () => ExpressApp;

const app = express();
app.get('/', (_, response) => response.send('Hello World!'));
const server = createServer(app).listen(0, '127.0.0.1', () => {
  process.send?.((server.address() as AddressInfo).port);
});
// Whoever measures may be killed: nobody would be left to end this.
process.once('disconnect', () => process.exit());
