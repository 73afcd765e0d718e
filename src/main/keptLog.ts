import { join } from 'node:path';
import { logEntry } from '#core/logEntry.ts';
import { forLog } from '#core/plainText.ts';
import { RotatingFile } from '#disk/RotatingFile.ts';

/**
 * Says a line on standard error, and keeps it without texts, places and tokens in `logs` of the user's data: a window that was not
 * started from a terminal has nowhere else to say it. FACET_LOG_TEXTS=1 keeps the lines whole.
 */
export function keptLog(userDataDir: string, name: 'window' | 'serve'): (line: string) => void {
  const file = new RotatingFile(join(userDataDir, 'logs', `${name}.log`), {
    onFailure: (error) => process.stderr.write(`${forLog(`no log is kept: ${String(error)}`)}\n`),
  });
  const hasTexts = process.env.FACET_LOG_TEXTS === '1';
  return (line) => {
    process.stderr.write(`${forLog(line)}\n`);
    file.add(logEntry(line, new Date(), hasTexts));
  };
}
