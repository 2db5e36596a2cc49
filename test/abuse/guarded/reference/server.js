import http from 'node:http';

let n = 0;
http
  .createServer((request, response) => {
    if (request.url === '/next') response.end(JSON.stringify({ n: ++n }));
    else response.end('ok');
  })
  .listen(process.env.PORT, '127.0.0.1');
