/**
 * A workbench to be killed: `scene project seed file`. It says on standard output what it is about to do (`try`) and what was
 * acknowledged (`done`), a line each, and never ends by itself.
 */
import { join } from 'node:path';
import { randomSource } from '#core/random.ts';
import { createHeadlessFacet } from '#main/cli/session.ts';
import { connectReader } from '#main/data/database.ts';
import { labelAs } from '#main/testLabeller.ts';
import { dataExportSchema } from '#shared/dataEntities.ts';
import type { Scene, Spoken } from './types.ts';

const [scene = 'label', path = '', seed = '0', file = ''] = process.argv.slice(2) as [Scene, ...string[]];
const random = randomSource({ seed: Number(seed), stream: 'victim', counter: 0 });
const VERDICTS = ['a', 'b', 'tie', 'both_bad'] as const;
const PAIRS = 40;

const say = (spoken: Spoken): void => void process.stdout.write(`${JSON.stringify(spoken)}\n`);

const facet = createHeadlessFacet(join(path, '..', 'user'));
const { services } = facet;
say({ type: 'started' });
await services.project.open(path);
say({ type: 'opened' });
const log = connectReader(path);
/** Frames of the write-ahead log. Read after a commit has returned they are on the disk. */
const logFrames = (): number => (log.pragma('wal_checkpoint(NOOP)') as { log: number }[])[0]?.log ?? 0;
const ada = await labelAs(facet);
const standing = (pairId: number): string | null =>
  services.annotate.verdicts(pairId).standing.find(({ annotator }) => annotator === 'Ada')?.verdict ?? null;

async function labelOnce(): Promise<void> {
  const steps = services.annotate.steps(ada.who);
  const dice = random.uniform();
  const step = dice < 0.15 ? steps.undo : dice < 0.22 ? steps.redo : null;
  const pairId = step?.pairId ?? 1 + random.integer(PAIRS);
  const verdict = random.pick(VERDICTS);
  say({ type: 'try', pairId });
  if (step === null) await ada.decide({ pairId, verdict });
  else if (dice < 0.15) await ada.undo();
  else await ada.redo();
  say({ type: 'done', pairId, verdict: standing(pairId), frames: logFrames() });
}

async function labelForever(): Promise<never> {
  for (;;) await labelOnce();
}

switch (scene) {
  case 'migrate':
    // Upgraded before the kill came: it has other pairs, and nothing more to do.
    await new Promise((resolve) => setTimeout(resolve, 60_000));
    break;
  case 'import':
    void labelForever();
    for (;;) for await (const frame of services.library.import(file)) if (frame.type === 'done') break;
  case 'backup':
    void labelForever();
    for (;;) {
      await services.project.backUp();
      say({ type: 'backup' });
    }
  case 'export':
    void labelForever();
    for (let count = 0; ; count += 1) {
      const out = join(path, '..', `export-${count % 3}.jsonl`);
      const request = {
        ...dataExportSchema.parse({ shape: 'facet', file: 'jsonl', out }),
        name: 'pairs.jsonl',
      };
      for await (const frame of services.data.export(request)) if (frame.type === 'done') break;
    }
  default:
    await labelForever();
}
