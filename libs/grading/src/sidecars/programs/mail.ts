import net from 'node:net';
import { SIDECAR_PORTS } from '../../harness/sidecar-access.js';
import { serveControl } from './control-server.js';
import { PublicPort } from './public-port.js';
import { serveWhenTold } from './serve-when-told.js';
import { type ReceivedMail, SmtpSession } from './smtp-session.js';

/** The mail sidecar: takes every message, and delivers none. */

/** Whoever sends without end must not fill our memory. */
const KEPT_LENGTH = 8 * 1024 * 1024;

let messages: ReceivedMail[] = [];
let keptLength = 0;

const server = net.createServer((socket) => {
  const deliver = (mail: ReceivedMail) => {
    keptLength += mail.raw.length;
    if (keptLength <= KEPT_LENGTH) messages.push(mail);
  };
  const session = new SmtpSession(
    (text) => socket.write(text),
    () => socket.end(),
    deliver,
  );
  socket.setEncoding('latin1').on('data', (chunk: string) => session.take(chunk));
});
const smtp = new PublicPort('the mail server', SIDECAR_PORTS.mail, server);

const operations = {
  messages: () => messages,
  reset: () => {
    messages = [];
    keptLength = 0;
  },
  stop: () => smtp.close(),
  start: () => smtp.open(),
};

serveWhenTold(async () => {
  await serveControl(SIDECAR_PORTS.mailControl, operations);
  await smtp.open();
});
