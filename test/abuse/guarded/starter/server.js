import http from 'node:http';

http
  .createServer((_request, response) => response.writeHead(501).end())
  .listen(process.env.PORT, '127.0.0.1');
