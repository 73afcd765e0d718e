/** `npm run bench -- annotate|data|engine|explore|generate|load|memory|models [--json]` */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { FacetError, toFailure } from '#core/result.ts';
import { ENGINES, type EngineChoice, TRAINABLE, type Trainable } from '#core/runConfig.ts';
import { benchDevice } from './deviceTable.ts';
import { benchEngine } from './engine.ts';
import { benchGenerate } from './generate.ts';
import { benchLoad } from './load.ts';
import { benchMemory } from './memory.ts';
import { benchModels } from './models.ts';
import { benchOwnRun } from './ownRun.ts';

const shared = fileURLToPath(new URL('../../../../shared/', import.meta.url));
const starter = fileURLToPath(new URL('../../../resources/starter', import.meta.url));
const STORIES = `${shared}models/stories260K`;
const SMOLLM2 = process.env.FACET_TEST_SMOLLM2 ?? `${shared}models/smollm2`;
const PAIRS = `${shared}data/normalized/hh_rlhf_harmless_test.jsonl.gz`;
const USAGE = `Usage: npm run bench -- NAME [options] [--json]

  annotate  labelling in a project of a million pairs: verdicts, keys, queue by need, four people (annotate --help)
  data      a project of a million pairs: import, pages, search, verdicts meanwhile (data --help)
  engine    speeds on the reference configuration (width 256, 4 layers, 8 heads, FFN 704, vocabulary 4,096, 512 packed
            tokens, LPC-DPO, AdamW), as ratios measured in one run
  engine --engine NAME
            the reference configuration on that engine, with the share of a step spent outside the device
  engine --model FOLDER --data FILE
            any model and pairs, through the programs that runs train with: tokens/s, pairs/s, peak memory
  explore   the Codes screen over a million prompts in the window, and its parts alone (explore --help)
  generate  decoding and time to the first token, as shares of what the machine could do, in one run
  load      peak memory and time of opening a random 1 GB checkpoint for heads-only training, BF16 and F32
  memory    estimated against measured memory: models × trainable sets × token budgets, minutes
  models    frozen weights in 32, 16, 8 and 4 bits: LoRA's pairs/s and peak memory, decoding, losses, minutes

  --model FOLDER      engine: the model; generate: the small model of the first figure; models: a folder or .gguf file
                      (SmolLM2-135M-Instruct where it is there)
  --data FILE         engine: pairs, JSON Lines with prompt (or messages), chosen and rejected, plain or gzip
  --engine NAME       engine: one of ${ENGINES.join(', ')}
  --trainable NAME    engine with a model: ${TRAINABLE.join(', ')} (lora)
  --token-budget N    engine with a model, models: tokens in a row (1024)
  --steps N           models: steps of which losses and memory are measured (20)
  --json              print the figures as JSON`;

interface BenchOptions {
  readonly model?: string | undefined;
  readonly data?: string | undefined;
  readonly engine?: string | undefined;
  readonly trainable: string;
  readonly 'token-budget': string;
  readonly steps: string;
}
const onProgress = (text: string) => void process.stderr.write(`${text}\n`);

function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((name) => name === value);
  if (found !== undefined) return found;
  throw new FacetError({
    code: 'bench.bad-option',
    message: `--${option} ${value} is not one of ${allowed.join(', ')}.`,
    fix: 'Name one of them.',
    where: { field: option },
  });
}

const LEAST_BUDGET = 64;
function tokenBudget(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= LEAST_BUDGET) return value;
  throw new FacetError({
    code: 'bench.bad-option',
    message: `--token-budget ${text} is not a whole number of at least ${LEAST_BUDGET}.`,
    fix: 'Give the tokens of a row, e.g. 1024.',
    where: { field: 'token-budget' },
  });
}

/** Own model or pairs, another engine, or the reference figures. */
function runEngine(options: BenchOptions): Promise<object> {
  const { model, data, engine } = options;
  const choice = engine === undefined ? undefined : oneOf<EngineChoice>('engine', engine, ENGINES);
  if (model === undefined && data === undefined) {
    if (choice === undefined || choice === 'auto')
      return benchEngine({ modelDir: STORIES, dataFile: PAIRS, onProgress });
    return benchDevice(choice, onProgress);
  }
  return benchOwnRun({
    modelDir: model ?? starter,
    dataFile: data ?? PAIRS,
    trainable: oneOf<Trainable>('trainable', options.trainable, TRAINABLE),
    engine: choice ?? 'auto',
    tokenBudget: tokenBudget(options['token-budget']),
    onProgress,
  });
}

const BENCHES: Readonly<Record<string, (options: BenchOptions) => Promise<object>>> = {
  engine: runEngine,
  generate: ({ model }) => benchGenerate(model ?? STORIES, onProgress),
  load: () => benchLoad(onProgress),
  models: (options) =>
    benchModels({
      modelDir: options.model ?? SMOLLM2,
      dataFile: options.data ?? PAIRS,
      tokenBudget: tokenBudget(options['token-budget']),
      steps: Math.max(1, Math.round(Number(options.steps)) || 1),
      onProgress,
    }),
  memory: () => benchMemory({ storiesDir: STORIES, starterDir: starter, onProgress }),
};

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      model: { type: 'string' },
      data: { type: 'string' },
      engine: { type: 'string' },
      trainable: { type: 'string', default: 'lora' },
      'token-budget': { type: 'string', default: '1024' },
      steps: { type: 'string', default: '20' },
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
