import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PieceFile } from './PieceFile.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'facet-pieces-'));
  path = join(folder, 'scores.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));
const text = (value: string) => Buffer.from(value);

describe('a result in pieces', () => {
  it('goes on after a crash without what was half written, and gets its name when whole', async () => {
    const first = await PieceFile.open(path, 'question');
    await first.append(text('a\nb\n'), 2);
    await first.close();
    appendFileSync(`${path}.pieces`, 'half a li');
    expect(existsSync(path)).toBe(false);
    const second = await PieceFile.open(path, 'question');
    expect(second.items).toBe(2);
    await second.append(text('c\n'), 1);
    await second.finish();
    expect(readFileSync(path, 'utf8')).toBe('a\nb\nc\n');
    expect(readdirSync(folder)).toEqual(['scores.jsonl']);
  });

  it('begins anew for another question or a damaged note', async () => {
    for (const spoil of [() => undefined, () => writeFileSync(`${path}.note`, '{"fingerprint": "other"')]) {
      const pieces = await PieceFile.open(path, 'question');
      await pieces.append(text('a\n'), 1);
      await pieces.close();
      spoil();
      const other = await PieceFile.open(path, 'other');
      expect(other.items).toBe(0);
      await other.append(text('z\n'), 1);
      await other.finish();
      expect(readFileSync(path, 'utf8')).toBe('z\n');
    }
  });
});
