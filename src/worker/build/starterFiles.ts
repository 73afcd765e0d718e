/** Builds `resources/starter`: tokenizer, trained weights, log and readme. */

import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine, NamedData } from '#compute/program.ts';
import { encodeFloats } from '#compute/stored/encodeFloats.ts';
import { decodeFloats } from '#compute/stored/floats.ts';
import { unwrap } from '#core/result.ts';
import { sampleText } from '#core/sample/pairs.ts';
import { writeFileAtomic } from '#disk/writeFile.ts';
import type { BackboneConfig } from '#lpc/backbone/config.ts';
import { writeSafetensors } from '#lpc/backbone/safetensorsWrite.ts';
import { lmHeadName, parameterCount, weightShapes } from '#lpc/backbone/weightNames.ts';
import { trainBpe } from '#lpc/pretrain/bpe.ts';
import { continueGreedily, hiddenProgram } from '#lpc/pretrain/greedy.ts';
import { meanLoss, pretrain } from '#lpc/pretrain/pretrain.ts';
import { textLossProgram } from '#lpc/pretrain/pretrainProgram.ts';
import {
  backboneOf,
  configJson,
  type ModelShape,
  type PretrainSettings,
  STARTER_MERGES,
  STARTER_SHAPE,
} from '#lpc/pretrain/starterConfig.ts';
import { packText } from '#lpc/pretrain/textRows.ts';
import { tokenizerConfig, tokenizerJson, vocabularySize } from '#lpc/pretrain/tokenizerFiles.ts';
import { encodePrompt } from '#lpc/tokens/template.ts';
import { openTokenizer, type Tokenizer } from '#lpc/tokens/tokenizer.ts';
import { type StarterFigures, starterReadme } from './starterReadme.ts';
import { heldOutDocuments, TEXT_SEEDS, trainingDocuments } from './text.ts';

const TOKENIZER_TEXTS = 8000;
const GREEDY_ROW = 192;
const SHOWN_PROMPTS = [
  'What will the weather be like in Oakmoor tomorrow?',
  'How do I copy notes.txt into backup?',
  'Tell me a bedtime story about a shy otter.',
  'My kettle arrived damaged on Monday. What can you do?',
];

export interface StarterOptions {
  readonly folder: string;
  readonly settings: PretrainSettings;
  readonly engine: Engine;
  readonly progress: (line: string) => void;
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 1)}\n`;

/** Trains the tokenizer and writes it with the model's config. */
async function writeTokenizer(folder: string): Promise<ModelShape> {
  const texts = sampleText(TEXT_SEEDS.tokenizer, TOKENIZER_TEXTS).flatMap(({ prompt, reply }) => [
    prompt,
    reply,
  ]);
  const merges = trainBpe(texts, STARTER_MERGES);
  const shape = { ...STARTER_SHAPE, vocabulary: vocabularySize(merges) };
  await writeFileAtomic(join(folder, 'tokenizer.json'), [json(tokenizerJson(merges))]);
  await writeFileAtomic(join(folder, 'tokenizer_config.json'), [json(tokenizerConfig(shape.contextLength))]);
  await writeFileAtomic(join(folder, 'config.json'), [json(configJson(shape))]);
  return shape;
}

/** Puts the values that the file will hold into the engine, so that what is measured is what is shipped. */
async function roundWeights(engine: Engine, backbone: BackboneConfig): Promise<NamedData> {
  const shapes = weightShapes(backbone);
  const trained = await engine.getState(Object.keys(shapes));
  const rounded = Object.fromEntries(
    Object.entries(trained).map(([name, data]) => [
      name,
      decodeFloats(encodeFloats(data as Float32Array, 'F16'), 'F16'),
    ]),
  );
  await engine.setState(
    Object.fromEntries(
      Object.entries(rounded).map(([name, data]) => [
        name,
        { spec: { shape: shapes[name]!, dtype: 'float32' as const }, data },
      ]),
    ),
  );
  return rounded;
}

async function greedySamples(
  engine: Engine,
  backbone: BackboneConfig,
  tokenizer: Tokenizer,
  weights: NamedData,
): Promise<StarterFigures['samples']> {
  const program = await engine.compile(hiddenProgram(backbone, GREEDY_ROW));
  const head = weights[lmHeadName(backbone)] as Float32Array;
  const samples: { prompt: string; reply: string }[] = [];
  for (const prompt of SHOWN_PROMPTS) {
    const ids = await continueGreedily(
      program,
      head,
      [...encodePrompt(tokenizer, [{ role: 'user', content: prompt }])],
      { rowTokens: GREEDY_ROW, hiddenSize: backbone.hiddenSize, endId: tokenizer.endOfTurnId },
    );
    samples.push({ prompt, reply: tokenizer.decode(ids) });
  }
  await program.dispose();
  return samples;
}

/** Trains and writes the folder; weights come last, so that a folder with weights is complete. */
export async function writeStarter({ folder, settings, engine, progress }: StarterOptions): Promise<void> {
  const startedAt = performance.now();
  const seconds = () => (performance.now() - startedAt) / 1000;
  await mkdir(folder, { recursive: true });
  const shape = await writeTokenizer(folder);
  const tokenizer = unwrap(await openTokenizer(folder));
  const backbone = backboneOf(shape);
  const log: string[] = [];
  const say = (line: string) => {
    log.push(line);
    progress(line);
  };
  say(`${parameterCount(backbone)} parameters, ${shape.vocabulary} pieces, ${JSON.stringify(settings)}`);
  say('step  loss  held-out  gradient  rate  tokens');

  const heldOut = [
    ...packText(heldOutDocuments(tokenizer, 40 * settings.heldOutRows), settings.rowTokens),
  ].slice(0, settings.heldOutRows);
  const rows = packText(trainingDocuments(tokenizer), settings.rowTokens);
  let trainingTokens = 0;
  let firstLoss = Number.NaN;
  for await (const frame of pretrain(engine, backbone, settings, rows, heldOut)) {
    if (frame.step === 1) firstLoss = frame.loss;
    trainingTokens += frame.tokens;
    if (frame.step % 20 !== 1 && frame.heldOutLoss === null) continue;
    const { step, loss, heldOutLoss, gradNorm, learningRate } = frame;
    const measured = heldOutLoss === null ? '-' : heldOutLoss.toFixed(4);
    say(
      `${step}  ${loss.toFixed(4)}  ${measured}  ${gradNorm.toFixed(3)}  ${learningRate.toExponential(2)}  ${trainingTokens}`,
    );
  }

  const weights = await roundWeights(engine, backbone);
  const loss = await engine.compile(textLossProgram(backbone, settings.rowTokens, 'state'));
  const heldOutLoss = await meanLoss(loss, heldOut);
  say(`held-out loss of the 16-bit weights: ${heldOutLoss.toFixed(4)}`);
  const samples = await greedySamples(engine, backbone, tokenizer, weights);
  for (const { prompt, reply } of samples) say(`${prompt} → ${JSON.stringify(reply)}`);
  say(`${seconds().toFixed(0)} s on ${engine.name}, ${engine.device}`);

  const shapes = weightShapes(backbone);
  const weightsPath = join(folder, 'model.safetensors');
  await writeFileAtomic(join(folder, 'training.log'), [`${log.join('\n')}\n`]);
  await writeSafetensors(
    weightsPath,
    Object.fromEntries(
      Object.entries(weights).map(([name, data]) => [
        name,
        { shape: shapes[name]!, data: data as Float32Array },
      ]),
    ),
    { dtype: 'F16' },
  );
  const figures: StarterFigures = {
    parameters: parameterCount(backbone),
    bytes: (await stat(weightsPath)).size,
    trainingTokens,
    firstLoss,
    heldOutLoss,
    seconds: seconds(),
    engine: engine.name,
    device: engine.device,
    samples,
  };
  await writeFileAtomic(join(folder, 'README.md'), [starterReadme(shape, settings, figures)]);
}
