import { describe, expect, it } from '@jest/globals';
import { Email, Id, name, text } from './fields.js';

const accepts = (schema: { safeParse(value: unknown): { success: boolean } }, value: unknown) =>
  schema.safeParse(value).success;

describe('a name', () => {
  it.each(['Kim', 'Zoë Đặng-O’Neil', '李', 'علي', 'नेहा', '👩‍💻 team', '42', '<b>R&D</b>', 'a\u00a0b'])(
    'may be %s',
    (value) => {
      expect(name(120).parse(value)).toBe(value);
    },
  );

  it('is trimmed', () => {
    expect(name(120).parse(' \tKim\n')).toBe('Kim');
  });

  it.each([
    ['nothing', ''],
    ['blanks', ' \t\n\u3000'],
    ['characters that nobody sees', '\u200b\u2060\u00ad\u200d'],
    ['NUL', 'a\0b'],
    ['an escape', 'a\u001b[31mb'],
    ['a control character of the second kind', 'a\u009bb'],
    ['two lines', 'a\nb'],
    ['two lines and a header', 'a\r\nset-cookie: x=1'],
    ['a line separator', 'a\u2028b'],
    ['half of a surrogate pair', 'a\ud800'],
    ['the other half', '\udc00a'],
    ['text that runs backwards', 'gpj.\u202eexe'],
  ])('is not %s', (_, value) => {
    expect(accepts(name(120), value)).toBe(false);
  });
});

describe('text', () => {
  it('may have lines and whatever else can be stored, and nothing that cannot', () => {
    expect(text(0, 10).parse('a\n\tb\u001b')).toBe('a\n\tb\u001b');
    for (const value of ['a\0', '\ud800', '\udc00\ud800']) expect(accepts(text(0, 10), value)).toBe(false);
  });
});

describe('an id', () => {
  it('is the same in capitals', () => {
    const id = '019a0000-abcd-7000-8000-00000000000f';
    expect(Id.parse(id.toUpperCase())).toBe(id);
  });
});

describe('an email address', () => {
  it.each([
    'kim@mail.example\r\nbcc: eve@mail.example',
    'kim@mail.example\0',
    'kım@mail.example',
    'a@b',
    '"a b"@c.example',
  ])('is not %j', (value) => {
    expect(accepts(Email, value)).toBe(false);
  });

  it('is the same in capitals', () => {
    expect(Email.parse('Kim@Mail.Example')).toBe('kim@mail.example');
  });
});
