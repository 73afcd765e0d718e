/** `npm run bench -- engine [--model FOLDER] [--data FILE] [--json]` */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { toFailure } from '#core/result.ts';
import { benchEngine } from './engine.ts';

const shared = fileURLToPath(new URL('../../../../shared/', import.meta.url));
const USAGE = `Usage: npm run bench -- engine [--model FOLDER] [--data FILE] [--json]

Measures the engine on the reference configuration (width 256, 4 layers, 8 heads, FFN 704, vocabulary 4,096,
512 packed tokens, LPC-DPO, AdamW). Speeds are ratios measured in one run.
  --model FOLDER  tokenizer for the packing figures
  --data FILE     pairs for the packing figures (JSON Lines, .gz or plain)
  --json          print the figures as JSON`;

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      model: { type: 'string', default: `${shared}models/stories260K` },
      data: { type: 'string', default: `${shared}data/normalized/hh_rlhf_harmless_test.jsonl.gz` },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || positionals[0] !== 'engine') {
    process.stdout.write(`${USAGE}\n`);
    return values.help ? 0 : 1;
  }
  const figures = await benchEngine({
    modelDir: values.model,
    dataFile: values.data,
    onProgress: (text) => process.stderr.write(`${text}\n`),
  });
  if (values.json) process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
  else
    for (const [name, value] of Object.entries(figures))
      process.stdout.write(`${name}: ${JSON.stringify(value)}\n`);
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  const failure = toFailure(error);
  process.stderr.write(`error: ${failure.message}${failure.fix ? `\nfix: ${failure.fix}` : ''}\n`);
  process.exitCode = 1;
}
