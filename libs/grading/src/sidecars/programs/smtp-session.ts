/** A message as it was handed over. */
export interface ReceivedMail {
  /** Of the envelope: what MAIL FROM and RCPT TO said. */
  from: string;
  to: string[];
  /** Headers and body, as UTF-8, with CRLF. */
  raw: string;
  /** Milliseconds since 1970. */
  receivedMs: number;
}

const MAX_MESSAGE_BYTES = 1024 * 1024;
const MAX_LINE_LENGTH = 64 * 1024;
const MAX_RECIPIENTS = 100;
const END_OF_DATA = '\r\n.\r\n';

const GREETING = '220 mail.sandbox ESMTP';
const EXTENSIONS = ['mail.sandbox', 'PIPELINING', '8BITMIME', 'SMTPUTF8', `SIZE ${MAX_MESSAGE_BYTES}`];

/** The server's side of one SMTP connection (RFC 5321), without TLS and passwords. It accepts every sender and recipient. */
export class SmtpSession {
  private buffered = '';
  private isData = false;
  private from: string | null = null;
  private to: string[] = [];

  /** `reply` takes text to be sent; `close` is called once no more is to be read. */
  constructor(
    private readonly reply: (text: string) => void,
    private readonly close: () => void,
    private readonly deliver: (mail: ReceivedMail) => void,
  ) {
    reply(`${GREETING}\r\n`);
  }

  /** Takes what came, bytes as latin1. */
  take(chunk: string): void {
    this.buffered += chunk;
    while (this.isData ? this.takeMessage() : this.takeLine());
  }

  private takeLine(): boolean {
    const end = this.buffered.indexOf('\n');
    if (end < 0) {
      if (this.buffered.length > MAX_LINE_LENGTH) this.hangUp('500 the line is too long');
      return false;
    }
    const line = this.buffered.slice(0, end).replace(/\r$/, '');
    this.buffered = this.buffered.slice(end + 1);
    this.obey(line);
    return true;
  }

  private obey(line: string): void {
    const [verb = ''] = line.toUpperCase().split(' ', 1);
    const path = /^(?:MAIL FROM|RCPT TO):\s*<([^>]*)>/i.exec(line)?.[1];
    if (verb === 'EHLO') {
      this.forget();
      const last = EXTENSIONS.length - 1;
      this.reply(EXTENSIONS.map((text, i) => `250${i === last ? ' ' : '-'}${text}\r\n`).join(''));
    } else if (verb === 'HELO' || verb === 'RSET') {
      this.forget();
      this.say('250 OK');
    } else if (verb === 'MAIL' && path !== undefined) {
      this.forget();
      this.from = utf8(path);
      this.say('250 OK');
    } else if (verb === 'RCPT' && path !== undefined && this.from !== null) {
      if (this.to.length >= MAX_RECIPIENTS) return this.say('452 too many recipients');
      this.to.push(utf8(path));
      this.say('250 OK');
    } else if (verb === 'DATA') {
      if (this.to.length === 0) return this.say('503 say MAIL FROM and RCPT TO first');
      this.isData = true;
      this.buffered = `\r\n${this.buffered}`; // an empty message is nothing but the end
      this.say('354 end with a line that has only a dot');
    } else if (verb === 'NOOP') this.say('250 OK');
    else if (verb === 'QUIT') this.hangUp('221 good-bye');
    else
      this.say(
        path === undefined && /^(?:MAIL|RCPT)$/.test(verb) ? '501 no address' : '503 not now, or not at all',
      );
  }

  private takeMessage(): boolean {
    const end = this.buffered.indexOf(END_OF_DATA);
    if (end < 0) {
      if (this.buffered.length > MAX_MESSAGE_BYTES) this.hangUp('552 the message is too large');
      return false;
    }
    // A line that begins with a dot was sent with one more.
    const raw = this.buffered.slice(2, Math.max(2, end)).replaceAll('\r\n..', '\r\n.').replace(/^\.\./, '.');
    this.buffered = this.buffered.slice(end + END_OF_DATA.length);
    this.isData = false;
    this.deliver({ from: this.from ?? '', to: this.to, raw: utf8(raw), receivedMs: Date.now() });
    this.forget();
    this.say('250 OK');
    return true;
  }

  private forget(): void {
    this.from = null;
    this.to = [];
  }

  private say(text: string): void {
    this.reply(`${text}\r\n`);
  }

  private hangUp(text: string): void {
    this.buffered = '';
    this.say(text);
    this.close();
  }
}

const utf8 = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8');
