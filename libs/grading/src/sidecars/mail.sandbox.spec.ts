import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openSandbox, type TestSandbox } from '../../test/open-sandbox.js';

/** The mail server in a real sandbox, with the client that candidates have. */

let sandbox: TestSandbox;

beforeAll(async () => {
  sandbox = await openSandbox();
}, 120_000);

afterAll(() => sandbox.close());

const PASSED = { verdict: 'passed', message: null };

const SENDER = `import http from 'node:http';
import nodemailer from 'nodemailer';
const transport = nodemailer.createTransport(process.env.SMTP_URL);
http.createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  try {
    await transport.sendMail(JSON.parse(Buffer.concat(parts).toString()));
    response.writeHead(202).end();
  } catch (error) {
    response.writeHead(503).end(error.message);
  }
}).listen(process.env.PORT, '127.0.0.1');
`;

describe('mail', () => {
  test('takes what the server sends, for checks to read', async () => {
    const sends = `
      const send = (mail) => http.post('/', { from: 'Shop <shop@example.com>', ...mail });
      assert.equal((await send({ to: 'a@example.com', subject: 'Grüße 😀', text: 'Zoë, hello.\\n.\\nBye' })).status, 202);
      const attachments = [{ filename: 'a.txt', content: 'attached' }];
      assert.equal((await send({ to: ['b@example.com', 'c@example.com'], bcc: 'd@example.com', subject: 'two', text: 'plain', html: '<b>not</b>', attachments })).status, 202);
      const [first, second] = await mail.messages();
      assert.deepEqual([first.from, first.to, first.subject], ['shop@example.com', ['a@example.com'], 'Grüße 😀']);
      assert.equal(first.text.replaceAll('\\r\\n', '\\n').trim(), 'Zoë, hello.\\n.\\nBye');
      assert.equal(first.headers.from, 'Shop <shop@example.com>');
      assert.deepEqual(second.to, ['b@example.com', 'c@example.com', 'd@example.com']);
      assert.deepEqual([second.text.trim(), second.headers.bcc], ['plain', undefined]);
      assert.ok(second.receivedMs >= first.receivedMs);
      await mail.reset();
      assert.deepEqual(await mail.messages(), []);
      await mail.stop();
      assert.equal((await send({ to: 'a@example.com', text: 'x' })).status, 503);
      await mail.start();
      assert.equal((await send({ to: 'a@example.com', text: 'x' })).status, 202);
      assert.equal((await mail.messages()).length, 1);`;
    const again = `assert.deepEqual(await mail.messages(), []);`;
    const shape = { sidecars: { mail: {} } };
    expect(await sandbox.judge({ sends, again }, SENDER, shape)).toEqual([PASSED, PASSED]);
  });
});
