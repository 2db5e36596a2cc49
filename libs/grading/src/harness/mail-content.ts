/** What a message says, decoded. */
export interface MailContent {
  /** By lower-case name; those that come several times are joined by a comma. */
  headers: Record<string, string>;
  subject: string;
  /** The first part that is plain text, else the first part, without its encoding. */
  text: string;
}

/** Deeper ones are nobody's mail. */
const MAX_DEPTH = 5;

/** Reads a message with CRLF. What is not as the RFCs say is left as it is. */
export function readMail(raw: string, depth = 0): MailContent {
  const end = raw.startsWith('\r\n') ? 0 : raw.indexOf('\r\n\r\n');
  const head = end < 0 ? raw : raw.slice(0, end);
  const body = end < 0 ? '' : raw.slice(end + (end === 0 ? 2 : 4));
  const headers = readHeaders(head);
  const subject = headers.subject ?? '';
  const boundary = /^multipart\/.*?;\s*boundary="?([^";]+)/is.exec(headers['content-type'] ?? '')?.[1];
  if (boundary === undefined || depth >= MAX_DEPTH)
    return { headers, subject, text: decodeBody(body, headers['content-transfer-encoding']) };
  const parts = `\r\n${body}`
    .split(`\r\n--${boundary}`)
    .slice(1)
    .filter((part) => !part.startsWith('--'))
    .map((part) => readMail(part.replace(/^[ \t]*\r\n/, ''), depth + 1));
  const isPlain = (part: MailContent) =>
    /^text\/plain|^multipart\/|^$/i.test(part.headers['content-type'] ?? '');
  return { headers, subject, text: (parts.find(isPlain) ?? parts[0])?.text ?? '' };
}

function readHeaders(head: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const [, name = '', value = ''] = /^([^:\s]+):\s*(.*)$/.exec(line) ?? [];
    const key = name.toLowerCase();
    if (key === '' || key === '__proto__') continue;
    headers[key] = headers[key] === undefined ? decodeWords(value) : `${headers[key]}, ${decodeWords(value)}`;
  }
  return headers;
}

/** `=?utf-8?Q?Gr=C3=BC=C3=9Fe?=` → Grüße (RFC 2047); the space between two such words is none of the text. */
function decodeWords(value: string): string {
  return value
    .replace(/(=\?utf-8\?[bq]\?[^?]*\?=)\s+(?==\?utf-8\?)/gi, '$1')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, how: string, text: string) =>
      how.toLowerCase() === 'b'
        ? Buffer.from(text, 'base64').toString()
        : quotedPrintable(text.replaceAll('_', ' ')),
    );
}

function decodeBody(body: string, encoding = ''): string {
  if (/base64/i.test(encoding)) return Buffer.from(body, 'base64').toString();
  return /quoted-printable/i.test(encoding) ? quotedPrintable(body.replace(/=\r\n/g, '')) : body;
}

function quotedPrintable(text: string): string {
  const bytes = Buffer.from(text)
    .toString('latin1')
    .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
