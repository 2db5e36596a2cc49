import { describe, expect, test } from '@jest/globals';
import { readMail } from './mail-content.js';

const lines = (...text: string[]) => text.join('\r\n');

describe('a message', () => {
  test('has headers, folded and encoded ones too, and a body', () => {
    const raw = lines(
      'From: Shop <shop@x>',
      'Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe_?=',
      ' =?utf-8?B?8J+YgA==?= now',
      'X-Twice: 1',
      'x-twice: 2',
      '',
      'Hello: world',
      '',
      'bye',
    );
    expect(readMail(raw)).toEqual({
      headers: { from: 'Shop <shop@x>', subject: 'Grüße 😀 now', 'x-twice': '1, 2' },
      subject: 'Grüße 😀 now',
      text: 'Hello: world\r\n\r\nbye',
    });
  });

  test('is decoded', () => {
    const quoted = lines('Content-Transfer-Encoding: quoted-printable', '', 'a=3Db =C3=BC long=', 'er');
    expect(readMail(quoted).text).toBe('a=b ü longer');
    const base64 = lines('Content-Transfer-Encoding: base64', '', 'R3LDvMOf', 'ZQ==');
    expect(readMail(base64).text).toBe('Grüße');
  });

  test('with several parts says what the plain one says', () => {
    const raw = lines(
      'Content-Type: multipart/mixed; boundary="--_outer"',
      '',
      'no part',
      '----_outer',
      'Content-Type: multipart/alternative; boundary=inner',
      '',
      '--inner',
      'Content-Type: text/html',
      '',
      '<b>Hi</b>',
      '--inner',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'H=C3=AD',
      '--inner--',
      '',
      '----_outer--',
      '',
    );
    expect(readMail(raw).text).toBe('Hí');
  });

  test('may be anything', () => {
    for (const raw of [
      '',
      '\r\n',
      'no header',
      '\r\nbody only',
      'Content-Type: multipart/mixed; boundary=x\r\n\r\n',
    ])
      expect(typeof readMail(raw).text).toBe('string');
    expect(readMail('\r\nbody only').text).toBe('body only');
  });
});
