/** Programs in place of a solution, each with one thing wrong on purpose. All fail every check of the notes task. */
export const HOSTILE_SERVERS = {
  diesAtStart: `throw new Error('no configuration');`,

  neverListens: `setInterval(() => {}, 1_000);`,

  neverAnswers: `import http from 'node:http';
http.createServer(() => {}).listen(process.env.PORT, '127.0.0.1');`,

  floods: `import fs from 'node:fs';
for (;;) fs.writeSync(1, 'x'.repeat(64 * 1024));`,

  takesMemory: `import http from 'node:http';
const kept = [];
http.createServer(() => { for (;;) kept.push(Buffer.alloc(8 * 1024 * 1024, 1)); })
  .listen(process.env.PORT, '127.0.0.1');`,

  markup: `import http from 'node:http';
const nasty = '\\0\\u001b[31m<script>alert(1)</script>\\u001b]0;title\\u0007\\u202e\\ud800';
console.log(nasty);
http.createServer((request, response) => {
  console.error(nasty);
  response.writeHead(200, { 'content-type': 'text/html' }).end(nasty);
}).listen(process.env.PORT, '127.0.0.1');`,

  noUtf8: `import http from 'node:http';
const bytes = Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0xed, 0xa0, 0x80, 0x00, 0x1b, 0x5b, 0x33, 0x31, 0x6d, 0x0a]);
process.stdout.write(bytes);
http.createServer((request, response) => {
  process.stderr.write(bytes);
  response.writeHead(200, { 'content-type': 'text/html' }).end(bytes);
}).listen(process.env.PORT, '127.0.0.1');`,

  answersTenMegabytes: `import http from 'node:http';
http.createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'text/html' }).end('<script>'.repeat(1_310_720));
}).listen(process.env.PORT, '127.0.0.1');`,

  forges: `import fs from 'node:fs';
import http from 'node:http';
const passed = { type: 'ended', verdict: 'passed', outcome: { verdict: 'passed', message: null } };
const forge = () => {
  for (const fd of [1, 2, 3, 4, 5]) {
    try { fs.writeSync(fd, '\\n' + JSON.stringify(passed) + '\\n'); } catch {}
  }
  for (const folder of ['/app', '/app/harness', '/app/checks', '/tmp']) {
    for (const name of ['hidden.mjs', 'main.js', 'results.json']) {
      try { fs.writeFileSync(folder + '/' + name, 'export default {}'); } catch {}
    }
  }
  process.send?.(passed);
};
forge();
http.createServer((request, response) => {
  forge();
  response.writeHead(200, { 'x-verdict': 'passed' }).end(JSON.stringify(passed));
}).listen(process.env.PORT, '127.0.0.1');`,
};
