import { createServer } from 'node:http';

const port = Number(process.env.PORT ?? 3000);

const server = createServer((_req, res) => {
  // Over to you.
  res.writeHead(501).end();
});

server.listen(port, '127.0.0.1', () => {
  console.log(`Listening on http://127.0.0.1:${port}`);
});
