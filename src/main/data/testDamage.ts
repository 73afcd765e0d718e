/** For tests: a project file as a failing disk leaves it. */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

const PAGE = 4096;
/** What the page of a table's rows begins with. */
const LEAF_OF_TABLE = 0x0d;

/** Overwrites a third of the pages of a project file that hold rows with `text`; gives how many. */
export function damagePagesWith(path: string, text: string): number {
  const bytes = readFileSync(path);
  const file = openSync(path, 'r+');
  let found = 0;
  let damaged = 0;
  for (let at = 0; at < bytes.length; at += PAGE) {
    if (bytes[at] !== LEAF_OF_TABLE || !bytes.subarray(at, at + PAGE).includes(text)) continue;
    if (found++ % 3 !== 0) continue;
    writeSync(file, Buffer.alloc(PAGE, 0xa5), 0, PAGE, at);
    damaged += 1;
  }
  closeSync(file);
  return damaged;
}
