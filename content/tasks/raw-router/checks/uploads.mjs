import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { bodyOf, expectStatus, MAX_BODY_BYTES } from './notes.mjs';

/**
 * The brief promises a 413 within one second and a closed connection within two. What we wait for comes never when a
 * solution is wrong, so a slow machine may have much longer.
 */
const PROMPT_MS = 5_000;

const JSON_TYPE = { 'content-type': 'application/json' };

/** A PUT that is sent by hand; without a content-length it is chunked. */
export const openPut = (http, path, headers = {}) =>
  http.open({ method: 'PUT', path, headers: { ...JSON_TYPE, ...headers }, timeoutMs: 15_000 });

/** A valid body of exactly so many bytes. `filler` may have several bytes; what is left over is filled with `x`. */
export function bodyOfBytes(bytes, filler = 'x') {
  const room = bytes - bodyOf('').length;
  const count = Math.floor(room / Buffer.byteLength(filler));
  const text = filler.repeat(count) + 'x'.repeat(room - count * Buffer.byteLength(filler));
  return { text, body: bodyOf(text) };
}

/** The answer to an upload that is not ended, or undefined if none comes. */
export const answerWithin = (exchange, ms) =>
  Promise.race([exchange.answer, sleep(ms, undefined, { ref: false })]);

/** The upload stays open: only a server that does not wait for the rest answers. */
export async function expectPromptRefusal(exchange, what) {
  const answer = await answerWithin(exchange, PROMPT_MS);
  assert.ok(
    answer !== undefined,
    `${what} should be answered with 413 within one second, without waiting for the rest of the body.`,
  );
  expectStatus(answer, 413, what);
}

/** Lets the server take in what was sent on other connections before. */
export const letServerRead = (http, path) => http.get(path);

/**
 * An upload on a bare socket, since `http` ends an exchange with its answer: it sends one byte too many and never comes
 * to its end. Resolves to the status of the answer, if there was one, and whether the connection was closed after it.
 * `goesOn` keeps it sending after the answer.
 */
export function endlessUpload(path, { goesOn }) {
  const { body } = bodyOfBytes(MAX_BODY_BYTES + 1);
  const socket = connect(3000, '127.0.0.1');
  let sending;
  const closed = new Promise((resolve) => socket.once('close', resolve));
  // A connection that was closed by a reset is closed as well.
  socket.on('error', () => {});
  socket.write(
    `PUT ${path} HTTP/1.1\r\nHost: 127.0.0.1:3000\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
  );
  socket.write(`${body.length.toString(16)}\r\n${body}\r\n`);

  const answered = new Promise((resolve) => {
    let head = '';
    socket.setEncoding('latin1').on('data', (text) => {
      head += text;
      const status = /^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1];
      if (status !== undefined) resolve(Number(status));
    });
    closed.then(() => resolve(undefined));
  });
  const run = async () => {
    const status = await Promise.race([answered, sleep(PROMPT_MS, undefined, { ref: false })]);
    if (status === undefined) return { status, isClosed: false };
    if (goesOn) sending = setInterval(() => socket.write(`400\r\n${'x'.repeat(1024)}\r\n`), 50);
    const isClosed = await Promise.race([closed.then(() => true), sleep(PROMPT_MS, false, { ref: false })]);
    return { status, isClosed };
  };
  return run().finally(() => {
    clearInterval(sending);
    socket.destroy();
  });
}
