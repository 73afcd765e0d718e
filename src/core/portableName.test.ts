import { expect, it } from 'vitest';
import { portableName } from './portableName.ts';

it.each([
  ['pairs.jsonl', 'pairs.jsonl'],
  ['my pairs – 日本 🪴.csv', 'my pairs – 日本 🪴.csv'],
  ['pairs.jsonl:hidden', 'pairs.jsonl-hidden'],
  ['C:\\Windows\\x', 'C--Windows-x'],
  ['what?*.csv', 'what--.csv'],
  ['NUL', '_NUL'],
  ['com1.jsonl', '_com1.jsonl'],
  ['console.jsonl', 'console.jsonl'],
  ['pairs. . ', 'pairs'],
  ['...', ''],
  ['a\u0000b\n', 'a-b-'],
])('%j is stored as %j', (name, stored) => expect(portableName(name)).toBe(stored));
