/** For tests: a project file as a failing disk leaves it. */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

const PAGE = 4096;

/** Overwrites a third of the pages of a project file that hold `text`; gives how many. */
export function damagePagesWith(path: string, text: string): number {
  const bytes = readFileSync(path);
  const file = openSync(path, 'r+');
  let found = 0;
  let damaged = 0;
  for (let at = 0; at < bytes.length; at += PAGE) {
    if (!bytes.subarray(at, at + PAGE).includes(text) || found++ % 3 !== 0) continue;
    writeSync(file, Buffer.alloc(PAGE, 0xa5), 0, PAGE, at);
    damaged += 1;
  }
  closeSync(file);
  return damaged;
}
