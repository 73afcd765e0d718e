/**
 * A process that reads inputs: `target seed first last folder`. It says on descriptor 3 which input it is at and what became of
 * it, a line each, so that whoever started it knows which one to blame where it hangs, dies or fills the memory.
 */
import { writeSync } from 'node:fs';
import { FacetError } from '#core/result.ts';
import { watchedWork } from '#lpc/tokens/timeLimit.ts';
import { startWatchdog } from '#worker/watchdog.ts';
import { contractCalls } from './targets/contractCalls.ts';
import { importFiles } from './targets/importFiles.ts';
import { messageFrames } from './targets/messageFrames.ts';
import { modelFiles } from './targets/modelFiles.ts';
import { chatTemplates } from './targets/templates.ts';
import type { OpenTarget, Said, TargetName } from './types.ts';

/** The compute process waits longer; a text of a fuzzed dialogue is short. */
const TEMPLATE_LIMIT_MS = 3000;

const targets: Readonly<Record<TargetName, OpenTarget>> = {
  import: importFiles,
  contract: contractCalls,
  frames: messageFrames,
  models: modelFiles,
  templates: chatTemplates,
};

const say = (said: Said): void => void writeSync(3, `${JSON.stringify(said)}\n`);

const [name = 'import', seed = '1', first = '0', last = '0', folder = ''] = process.argv.slice(2) as [
  TargetName,
  ...string[],
];

// What ends the compute process where a template doesn't come to an end.
startWatchdog({ work: watchedWork, limitMs: TEMPLATE_LIMIT_MS });

/** A refusal that says nothing is a fault too. */
function codeOf(error: unknown): string {
  if (!(error instanceof FacetError)) throw error;
  const { code, message } = error.failure;
  if (code === 'internal.unexpected' || message.length < 10) throw error;
  return code;
}

const target = await targets[name](folder, Number(seed));
for (let index = Number(first); index < Number(last); index += 1) {
  say({ type: 'begin', index });
  try {
    const code = await target.read(index).catch(codeOf);
    say({ type: 'end', index, code, peakBytes: process.resourceUsage().maxRSS * 1024 });
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    say({ type: 'threw', index, message: text.slice(0, 2000) });
  }
}
await target.close();
process.exit();
