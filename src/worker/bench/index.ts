/** `npm run bench -- engine|generate|load [--json]` */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { toFailure } from '#core/result.ts';
import { benchEngine } from './engine.ts';
import { benchGenerate } from './generate.ts';
import { benchLoad } from './load.ts';

const shared = fileURLToPath(new URL('../../../../shared/', import.meta.url));
const USAGE = `Usage: npm run bench -- NAME [--model FOLDER] [--data FILE] [--json]

  engine    speeds on the reference configuration (width 256, 4 layers, 8 heads, FFN 704, vocabulary 4,096, 512 packed
            tokens, LPC-DPO, AdamW), as ratios measured in one run
  generate  decoding and time to the first token, as shares of what the machine could do, in one run
  load      peak memory and time of opening a random 1 GB checkpoint for heads-only training, BF16 and F32

  --model FOLDER  engine: tokenizer for the packing figures; generate: the small model of the first figure
  --data FILE     engine: pairs for the packing figures (JSON Lines, .gz or plain)
  --json          print the figures as JSON`;

interface BenchOptions {
  readonly model: string;
  readonly data: string;
}
const onProgress = (text: string) => void process.stderr.write(`${text}\n`);
const BENCHES: Readonly<Record<string, (options: BenchOptions) => Promise<object>>> = {
  engine: ({ model, data }) => benchEngine({ modelDir: model, dataFile: data, onProgress }),
  generate: ({ model }) => benchGenerate(model, onProgress),
  load: () => benchLoad(onProgress),
};

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
  const name = positionals[0] ?? '';
  const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
  if (values.help || !bench) {
    process.stdout.write(`${USAGE}\n`);
    return values.help ? 0 : 1;
  }
  const figures = await bench(values);
  if (values.json) process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
  else
    for (const [field, value] of Object.entries(figures))
      process.stdout.write(`${field}: ${JSON.stringify(value)}\n`);
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  const failure = toFailure(error);
  process.stderr.write(`error: ${failure.message}${failure.fix ? `\nfix: ${failure.fix}` : ''}\n`);
  process.exitCode = 1;
}
