import { type AddressInfo, createServer } from 'node:net';

// Answers every chunk with the same bytes: what the load generator can do when the server does nothing.
const body = JSON.stringify({ attempt: 'x'.repeat(1_000) });
const answer = `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
const server = createServer({ noDelay: true }, (socket) => {
  socket.on('data', () => socket.write(answer));
  socket.on('error', () => socket.destroy());
}).listen(0, '127.0.0.1', () => {
  process.send?.((server.address() as AddressInfo).port);
});
// Whoever measures may be killed: nobody would be left to end this.
process.once('disconnect', () => process.exit());
