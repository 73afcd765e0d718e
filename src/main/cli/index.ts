/** The shell's entry. */
import { jsonForTerminal } from '#core/plainText.ts';
import { storageFailure } from '../data/check.ts';
import { failureLine } from './output.ts';
import { createProgram } from './program.ts';

try {
  // Also where Electron serves as Node, whose arguments commander would count otherwise.
  await createProgram().parseAsync(process.argv, { from: 'node' });
} catch (error) {
  const failure = storageFailure(error);
  if (process.argv.includes('--json')) process.stdout.write(`${jsonForTerminal({ failure })}\n`);
  process.stderr.write(`${failureLine(failure)}\n`);
  process.exitCode = 1;
}
