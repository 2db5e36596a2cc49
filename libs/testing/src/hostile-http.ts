import type { ProblemCode } from '@assay/contracts/problems';
import { faultOf } from './answer-fault.js';
import { sendBytes } from './raw-request.js';

const HOST = 'Host: assay.example\r\nConnection: close\r\n';
const GET = `GET /health/live HTTP/1.1\r\n${HOST}`;
const POST = `POST /v1/session HTTP/1.1\r\n${HOST}Content-Type: application/json\r\n`;

/**
 * What is no request, or hardly one, in bytes of Latin-1; with the problem it must be answered, if it must be one.
 * A request without a host, and an expectation, Node answers by itself, with nothing but a status.
 */
const HARDLY_HTTP: Readonly<Record<string, readonly [bytes: string, code: ProblemCode | null]>> = {
  'no HTTP': ['hello\r\n\r\n', 'request.malformed'],
  'bytes of TLS': ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n', 'request.malformed'],
  'an unknown method': [`SPLIT / HTTP/1.1\r\n${HOST}\r\n`, 'request.malformed'],
  'a method that is never served': [`PATCH /v1/session HTTP/1.1\r\n${HOST}\r\n`, 'route.not_found'],
  OPTIONS: [`OPTIONS /v1/session HTTP/1.1\r\n${HOST}\r\n`, 'route.not_found'],
  'OPTIONS of everything': [`OPTIONS * HTTP/1.1\r\n${HOST}\r\n`, 'route.not_found'],
  TRACE: [`TRACE /v1/session HTTP/1.1\r\n${HOST}\r\n`, 'route.not_found'],
  'two hosts': [`${GET}Host: other.example\r\n\r\n`, null],
  'a host of control characters': ['GET /v1/session HTTP/1.1\r\nHost: \x01\r\n\r\n', 'request.malformed'],
  'NUL in a header': [`${GET}Cookie: a\x00b\r\n\r\n`, 'request.malformed'],
  'a header without a name': [`${GET}: x\r\n\r\n`, 'request.malformed'],
  'a header over two lines': [`${GET}X-A: a\r\n b\r\n\r\n`, null],
  'headers without an end to them': [`${GET}${'X-A: b\r\n'.repeat(5_000)}\r\n`, 'request.too_large'],
  'a header of 20 KB': [`${GET}Cookie: ${'x'.repeat(20_000)}\r\n\r\n`, 'request.too_large'],
  'an address of 20 KB': [`GET /${'x'.repeat(20_000)} HTTP/1.1\r\n${HOST}\r\n`, 'request.too_large'],
  'an address of 10 KB': [`GET /${'x'.repeat(10_000)} HTTP/1.1\r\n${HOST}\r\n`, 'route.not_found'],
  'an address with a blank': [`GET /a b HTTP/1.1\r\n${HOST}\r\n`, 'request.malformed'],
  'an address elsewhere': [`GET http://evil.example/v1/session HTTP/1.1\r\n${HOST}\r\n`, null],
  'two slashes': [`GET //v1/session HTTP/1.1\r\n${HOST}\r\n`, 'route.not_found'],
  'a slash behind': [`GET /v1/session/ HTTP/1.1\r\n${HOST}\r\n`, 'route.not_found'],
  capitals: [`GET /V1/SESSION HTTP/1.1\r\n${HOST}\r\n`, 'route.not_found'],
  'a way up': [`GET /docs/../../package.json HTTP/1.1\r\n${HOST}\r\n`, 'route.not_found'],
  'a way up in disguise': [`GET /docs/..%2f..%2fpackage.json HTTP/1.1\r\n${HOST}\r\n`, 'route.not_found'],
  'an address that cannot be decoded': [`GET /%zz HTTP/1.1\r\n${HOST}\r\n`, 'request.malformed'],
  'another version': [`GET /health/live HTTP/9.9\r\n${HOST}\r\n`, 'request.malformed'],
  'a length that is no number': [`${POST}Content-Length: x\r\n\r\n{}`, 'request.malformed'],
  'a length below nothing': [`${POST}Content-Length: -1\r\n\r\n{}`, 'request.malformed'],
  'two lengths': [`${POST}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`, 'request.malformed'],
  'a length of a terabyte': [`${POST}Content-Length: 1099511627776\r\n\r\n{}`, 'request.too_large'],
  'a length and chunks': [
    `${POST}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    'request.malformed',
  ],
  'chunks that are none': [`${POST}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n`, 'request.malformed'],
  'an unknown transfer encoding': [`${POST}Transfer-Encoding: gzip\r\n\r\n{}`, null],
};

/** Gives a line for each answer to something that is hardly HTTP that was wrong; none when all is well. */
export async function findFaultsBelowHttp(url: string): Promise<string[]> {
  const faults: string[] = [];
  for (const [what, [bytes, code]] of Object.entries(HARDLY_HTTP)) {
    const [method = '', target = ''] = bytes.split(' ');
    try {
      const answer = await sendBytes(url, Buffer.from(bytes, 'latin1'));
      const fault = faultOf(answer, { method, target }, { code });
      if (fault) faults.push(`${what}: ${fault}`);
    } catch (error) {
      faults.push(`${what}: ${(error as Error).message}`);
    }
  }
  return faults;
}
