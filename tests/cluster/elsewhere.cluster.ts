/** Jobs trained and scored by PyTorch and Ray, one worker killed in the middle: equal to what is trained here. */
import { existsSync, readFileSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetMetadataAsync } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunFrame } from '#core/runFrames.ts';
import { CHECKS } from '#main/job/checks.ts';
import { startHub } from './hub.ts';
import { largestDifference, type Ours, resultFrames, trainOurs } from './ours.ts';
import { killWorker, run, start, until } from './python.ts';
import { type RayCluster, startRay } from './ray.ts';
import { type Slurm, startSlurm, whyNoSlurm } from './slurm.ts';

const TOLERANCE = 1e-4;
/** A checkpoint lies behind it and steps ahead. */
const KILLED_AFTER_STEP = 7;

let ours: Ours;
beforeAll(async () => {
  ours = await trainOurs();
});
afterAll(async () => {
  await ours?.dispose();
});

const torchrun = (processes: number, ...options: string[]): string[] => [
  '--standalone',
  `--nproc-per-node=${processes}`,
  ...options,
  'train.py',
  '--device',
  'cpu',
];

const hasTold = (result: string, step: number) => async (): Promise<true | null> =>
  (await resultFrames(result)).some((frame) => frame.type === 'step' && frame.step >= step) ? true : null;

/** What codes cause, as the run trained here found it. */
function expectSameCauses(frames: readonly RunFrame[]): void {
  const [expected, found] = [ours.frames, frames].map((each) => each.find(({ type }) => type === 'causes'));
  if (expected?.type !== 'causes' || found?.type !== 'causes') throw new Error('no codes were forced');
  expect(expected.causes?.recovery).toEqual(expect.any(Number));
  expect(found).toMatchObject({
    pairs: expected.pairs,
    groupedBy: expected.groupedBy,
    codesLeftOut: expected.codesLeftOut,
    causes: { codes: expected.causes?.codes, recovery: expected.causes?.recovery },
  });
  for (const [at, effect] of (expected.causes?.effects ?? []).entries())
    expect(found.causes?.effects[at]?.margin).toBeCloseTo(effect.margin, 4);
}

/** Taken back, its heat map has p(z|x) as our own scoring of the checkpoint reads it. */
async function expectTaken(place: string): Promise<void> {
  const { facet } = ours;
  const taken = await facet.services.jobs.take(place);
  const finished = await facet.services.runs.wait(taken.id);
  expect(finished).toMatchObject({ state: 'finished', step: 20, failure: null });
  expect(finished.codesSteps).toContain(20);
  const frames: RunFrame[] = [];
  for await (const frame of facet.services.runs.frames(finished.id)) frames.push(frame);
  expectSameCauses(frames);
  const own = await ours.codesBy(finished);
  expect(own.size).toBeGreaterThan(50);
  for (const [promptId, weights] of own) {
    const { weights: shown } = await facet.services.codes.prompt({ runId: finished.id, step: 20 }, promptId);
    expect(shown).toHaveLength(weights.length);
    for (const [code, value] of shown.entries())
      expect(Math.abs(value - (weights[code] as number))).toBeLessThan(TOLERANCE);
  }
}

describe('torchrun', () => {
  it('gives the figures of every check that travels in the folder', async () => {
    const said = await run('python', ['train.py', '--check'], await ours.makeJob('check'));
    for (const name of Object.keys(CHECKS)) expect(said).toContain(`equal  ${name}:`);
    expect(said).toContain('equal  dpo-lora, activations made again:');
  });

  it.each(['ddp', 'fsdp'])('gives the figures of every check with two processes, %s', async (strategy) => {
    const command = [...torchrun(2), '--check', '--strategy', strategy];
    const said = await run('torchrun', command, await ours.makeJob(`check-${strategy}`));
    for (const name of Object.keys(CHECKS)) expect(said).toContain(`equal  ${name}:`);
  });

  it('gives with one process the figures of our own run, and its result comes back', async () => {
    const job = await ours.makeJob('one');
    await run('torchrun', torchrun(1), job);
    expect(largestDifference(ours.frames, await resultFrames(join(job, 'result')))).toBeLessThan(TOLERANCE);
    await expectTaken(join(job, 'result.zip'));
  });

  it.each(['ddp', 'fsdp'])(
    'goes on with two processes from its checkpoint after one was killed, to the same figures, %s',
    async (strategy) => {
      const job = await ours.makeJob(`two-${strategy}`);
      const result = join(job, 'result');
      const command = [...torchrun(2, '--max-restarts=3'), '--strategy', strategy];
      const training = start('torchrun', command, job);
      await until(training, hasTold(result, KILLED_AFTER_STEP));
      killWorker([training], /train\.py/);
      expect(await training.ended, training.said()).toBe(0);
      expect(training.said()).toContain('going on after step 5');
      expect(largestDifference(ours.frames, await resultFrames(result))).toBeLessThan(TOLERANCE);
      await expectTaken(join(job, 'result.zip'));
    },
  );

  it('fetches the model that the job names from a hub, by its revision', async () => {
    const commit = 'a'.repeat(40);
    const hub = await startHub('facet/model', commit, ours.modelDir);
    try {
      const job = await ours.makeJob('hub', { repo: 'facet/model', revision: commit });
      const home = join(ours.work, 'hub-home');
      await run('torchrun', torchrun(1), job, {
        HF_ENDPOINT: hub.url,
        HF_HOME: home,
        HF_HUB_DISABLE_XET: '1',
      });
      expect(hub.asked).toContain(`GET /facet/model/resolve/${commit}/model.safetensors`);
      expect(largestDifference(ours.frames, await resultFrames(join(job, 'result')))).toBeLessThan(TOLERANCE);
      const other = await ours.makeJob('hub-other', { repo: 'facet/model', revision: commit });
      const about = JSON.parse(await readFile(join(other, 'job.json'), 'utf8'));
      about.model.weights = ['0'.repeat(64)];
      await writeFile(join(other, 'job.json'), JSON.stringify(about));
      const refused = start('torchrun', torchrun(1), other, {
        HF_ENDPOINT: hub.url,
        HF_HOME: home,
        HF_HUB_DISABLE_XET: '1',
      });
      expect(await refused.ended).not.toBe(0);
      expect(refused.said()).toContain('holds other weights than the model that the job was made for');
    } finally {
      await hub.stop();
    }
  });

  it('stays near float32 in BF16', async () => {
    const losses = async (precision: string): Promise<number[]> => {
      const job = await ours.makeJob(precision);
      await run('torchrun', [...torchrun(1), '--precision', precision, '--until', '4'], job);
      const frames = await resultFrames(join(job, 'result'));
      return frames.flatMap((frame) => (frame.type === 'step' ? [frame.loss] : []));
    };
    const [wide, low] = [await losses('float32'), await losses('bfloat16')];
    expect(low).toHaveLength(4);
    const gaps = wide.map((loss, step) => Math.abs(loss - (low[step] as number)));
    // BF16 has eight bits: what it computes differs, here by 0.021 at most, of losses from 0.68 down.
    expect(Math.max(...gaps)).toBeGreaterThan(0);
    expect(Math.max(...gaps)).toBeLessThan(0.05);
  });

  it('shards the model over two processes by FSDP2, stops and goes on, to the same figures', async () => {
    const job = await ours.makeJob('sharded');
    const sharded = [...torchrun(2), '--strategy', 'fsdp'];
    await run('torchrun', [...sharded, '--until', '8'], job);
    expect(await run('torchrun', sharded, job)).toContain('going on after step 8');
    const result = join(job, 'result');
    expect(largestDifference(ours.frames, await resultFrames(result))).toBeLessThan(TOLERANCE);
    await expectTaken(join(job, 'result.zip'));
  });
});

describe.skipIf(whyNoSlurm() !== null)(`Slurm of one node (${whyNoSlurm() ?? 'there'})`, () => {
  let slurm: Slurm;
  beforeAll(async () => {
    slurm = await startSlurm();
  });
  afterAll(() => slurm?.stop());

  it('trains what sbatch is given, goes on when it is requeued, to the same figures', async () => {
    const job = await ours.makeJob('slurm');
    const result = join(job, 'result');
    const options = ['--parsable', '--gpus-per-node=0', '--cpus-per-task=2', '--time=30'];
    const id = slurm.ask('sbatch', [...options, 'slurm.sbatch', '--device', 'cpu'], job).trim();
    const log = (): string => readFileSync(join(job, `slurm-${id}.log`), 'utf8');
    const state = (): string => slurm.ask('squeue', ['-h', '-j', id, '-o', '%T']).trim();
    const untilTrue = async (look: () => Promise<unknown>): Promise<void> => {
      while (!(await look())) {
        const now = state();
        if (now === '' || now === 'FAILED') throw new Error(`it is over: ${log()}`);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    };
    await untilTrue(hasTold(result, KILLED_AFTER_STEP));
    slurm.ask('scontrol', ['requeue', id]);
    await untilTrue(async () => state() === 'PENDING');
    // Slurm lets a requeued job wait for two minutes.
    slurm.ask('scontrol', ['update', `JobId=${id}`, 'StartTime=now']);
    await untilTrue(async () => log().includes('finished after step 20'));
    // Its daemons are stopped after the test: no step of it may still be at work.
    while (state() !== '') await new Promise((resolve) => setTimeout(resolve, 200));
    expect(log()).toContain('going on after step');
    expect(largestDifference(ours.frames, await resultFrames(result))).toBeLessThan(TOLERANCE);
    await expectTaken(join(job, 'result.zip'));
  });
});

describe('a Ray cluster of two nodes', () => {
  let ray: RayCluster;
  let job: string;
  let id: string;
  beforeAll(async () => {
    ray = await startRay(ours.work);
    job = await ours.makeJob('ray');
    id = (JSON.parse(await readFile(join(job, 'job.json'), 'utf8')) as { id: string }).id;
  });
  afterAll(() => ray?.stop());

  const pieces = async (scores: string): Promise<string[]> =>
    existsSync(scores) ? (await readdir(scores)).filter((name) => /^p.*\d\.parquet$/.test(name)) : [];

  /** A piece each, with `--rows 1`. */
  const rowsToScore = async (): Promise<number> => {
    const counts = ['pairs.parquet', 'prompts.parquet'].map(async (name) => {
      const metadata = await parquetMetadataAsync(await asyncBufferFromFile(join(job, name)));
      return Number(metadata.num_rows);
    });
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  };

  const statusOf = () => ours.facet.services.ray.status(id);
  const submit = (out: string) =>
    ours.facet.services.ray.submit(id, {
      address: ray.address,
      workers: 2,
      gpu: false,
      precision: 'float32',
      out,
    });
  /** Waits for what `look` finds; throws where the job ends without it. */
  async function untilJob<T>(look: () => Promise<T | null>): Promise<T> {
    for (;;) {
      const status = await statusOf();
      const found = await look();
      if (found !== null) return found;
      if (status.endedAt !== null)
        throw new Error(`it ended: ${status.state} ${status.message}\n${status.log}`);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
  const stateIs = (state: string) => async () => ((await statusOf()).state === state ? true : null);

  it('trains a job that was sent there; a worker killed, it goes on from the checkpoint to the same figures', async () => {
    await submit(join(job, 'result'));
    await untilJob(hasTold(join(job, 'result'), KILLED_AFTER_STEP));
    killWorker(ray.nodes, /^ray::_?RayTrainWorker/);
    await untilJob(stateIs('SUCCEEDED'));
    expect((await statusOf()).log).toContain('going on after step 5');
    expect(largestDifference(ours.frames, await resultFrames(join(job, 'result')))).toBeLessThan(TOLERANCE);
    await expectTaken(join(job, 'result.zip'));
  });

  it('stops a job that was sent there', async () => {
    await submit(join(job, 'stopped'));
    await untilJob(stateIs('RUNNING'));
    await ours.facet.services.ray.stop(id);
    await untilJob(stateIs('STOPPED'));
  });

  it('scores every prompt though a worker was killed, and the codes come back', async () => {
    const scores = join(job, 'scores');
    const scoring = start(
      'python',
      ['score.py', '--workers', '2', '--device', 'cpu', '--checkpoint', 'last', '--rows', '1'],
      job,
    );
    await until(scoring, async () => ((await pieces(scores)).length > 2 ? true : null));
    killWorker(ray.nodes, /^ray::MapWorker/);
    const before = (await pieces(scores)).length;
    expect(await scoring.ended, scoring.said().slice(-4000)).toBe(0);
    const all = await rowsToScore();
    expect(before).toBeLessThan(all);
    expect(await pieces(scores)).toHaveLength(all);
    await expectTaken(scores);
  });
});
