import fc from 'fast-check';
import { expect, it } from 'vitest';
import { forLog, forTerminal, jsonForTerminal } from './plainText.ts';

const hostile = [
  '\u001b[31mred\u001b[0m',
  '\u001b]0;title\u0007',
  '\u001b]8;;https://evil.example\u001b\\link\u001b]8;;\u001b\\',
  '\u009b2J',
  'a\rb',
  'user\u202egpj.exe',
  '\u2066x\u2069',
];

const steers = (text: string): boolean =>
  ['\u001b', '\u0007', '\u009b', '\r', '\u202e', '\u2066'].some((bad) => text.includes(bad));

it('writes out what would steer a terminal, and leaves words, lines and scripts alone', () => {
  expect(forTerminal('\u001b[31mred')).toBe('\\e[31mred');
  expect(forTerminal('user\u202egpj.exe')).toBe('user\\u202egpj.exe');
  for (const text of hostile) expect(steers(forTerminal(text))).toBe(false);
  for (const text of ['two\nlines\twith a tab', 'שלום עולם', 'naïve 👩‍👩‍👧 日本'])
    expect(forTerminal(text)).toBe(text);
});

it('keeps JSON the same value', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(...hostile), (text, bad) => {
      const value = { [text]: text + bad };
      const json = jsonForTerminal(value);
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(steers(json)).toBe(false);
    }),
  );
});

it('makes one line of a log entry, however long', () => {
  expect(forLog('one\n  two\r\nthree\n')).toBe('one | two\\u000d | three');
  expect(forLog('x'.repeat(100_000)).length).toBeLessThan(2100);
});
