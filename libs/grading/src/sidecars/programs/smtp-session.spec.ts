import { describe, expect, test } from '@jest/globals';
import { type ReceivedMail, SmtpSession } from './smtp-session.js';

function session() {
  const replies: string[] = [];
  const mails: ReceivedMail[] = [];
  let isClosed = false;
  const smtp = new SmtpSession(
    (text) => replies.push(...text.trimEnd().split('\r\n')),
    () => {
      isClosed = true;
    },
    (mail) => mails.push(mail),
  );
  return { smtp, replies, mails, isClosed: () => isClosed };
}

const codes = (replies: readonly string[]) => replies.map((reply) => reply.slice(0, 3)).join(' ');

describe('an SMTP session', () => {
  test('takes messages, in pieces or all at once', () => {
    const dialogue =
      'EHLO me\r\nMAIL FROM:<a@x> SIZE=9\r\nRCPT TO:<b@y>\r\nrcpt to: <c@z>\r\nDATA\r\nSubject: one\r\n\r\n..dots\r\n.\r\n' +
      'MAIL FROM:<>\r\nRCPT TO:<d@y>\r\nDATA\r\n.\r\nQUIT\r\n';
    for (const size of [1, 7, 1_000]) {
      const { smtp, replies, mails, isClosed } = session();
      for (let at = 0; at < dialogue.length; at += size) smtp.take(dialogue.slice(at, at + size));
      expect(codes(replies)).toBe('220 250 250 250 250 250 250 250 250 354 250 250 250 354 250 221');
      expect(mails).toMatchObject([
        { from: 'a@x', to: ['b@y', 'c@z'], raw: 'Subject: one\r\n\r\n.dots' },
        { from: '', to: ['d@y'], raw: '' },
      ]);
      expect(isClosed()).toBe(true);
    }
  });

  test('keeps characters that came as several bytes', () => {
    const { smtp, mails } = session();
    smtp.take('MAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nDATA\r\n');
    for (const byte of Buffer.from('\r\nGrüße\r\n.\r\n').toString('latin1')) smtp.take(byte);
    expect(mails[0]?.raw).toBe('\r\nGrüße');
  });

  test('refuses what comes too early, has no address, or never ends', () => {
    const early = session();
    early.smtp.take('RCPT TO:<b@y>\r\nDATA\r\nMAIL FROM:nobody\r\nSTARTTLS\r\n');
    expect(codes(early.replies)).toBe('220 503 503 501 503');
    const endless = session();
    endless.smtp.take('x'.repeat(70_000));
    expect([codes(endless.replies), endless.isClosed()]).toEqual(['220 500', true]);
    const huge = session();
    huge.smtp.take('MAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nDATA\r\n');
    huge.smtp.take('x'.repeat(2 ** 20 + 1));
    expect([codes(huge.replies), huge.mails, huge.isClosed()]).toEqual(['220 250 250 354 552', [], true]);
  });
});
