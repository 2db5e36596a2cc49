import net from 'node:net';
import { SIDECAR_PORTS, serverPort } from '../../harness/sidecar-access.js';
import { listening } from './listening.js';
import { serveWhenTold } from './serve-when-told.js';

/**
 * The balancer in front of two instances of the candidate's server: each connection goes to the next one in turn; where that one
 * accepts none, to the other. It looks into nothing.
 */

const INSTANCES = 2;
let turn = 0;

const server = net.createServer({ allowHalfOpen: true }, (client) => {
  client.on('error', () => {});
  turn += 1;
  connect(client, turn, INSTANCES);
});

/** Tries `left` instances, from that of the number on. */
function connect(client: net.Socket, number: number, left: number): void {
  const port = serverPort(INSTANCES, 1 + ((number - 1) % INSTANCES));
  const instance = net.connect({ host: '127.0.0.1', port, allowHalfOpen: true });
  let isConnected = false;
  instance.once('connect', () => {
    isConnected = true;
    client.pipe(instance).pipe(client);
    // Whatever breaks on one side must break on the other: pipe passes on ends alone.
    client.once('close', () => instance.destroy());
  });
  instance.on('error', () => {});
  instance.once('close', (hadError) => {
    if (!isConnected && left > 1 && !client.destroyed) connect(client, number + 1, left - 1);
    else if (hadError) client.resetAndDestroy();
    else client.destroySoon();
  });
}

serveWhenTold(() => listening(server, SIDECAR_PORTS.balancer));
