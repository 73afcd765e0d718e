/** The shell's commands as processes of their own, from import to codes. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const entry = join(import.meta.dirname, '..', 'src', 'main', 'cli', 'index.ts');
const commands = [
  ...['import', 'label', 'train', 'score', 'codes', 'generate', 'export', 'figures', 'engines'],
  ...['experiment', 'serve', 'demo'],
];
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'facet-shell-'));
  const kinds = ['a parcel', 'a cake', 'the rain', 'a file'];
  const rows = Array.from({ length: 48 }, (_, index) => ({
    prompt: `Question ${index} about ${kinds[index % kinds.length]}?`,
    chosen: `A short answer about ${kinds[index % kinds.length]}.`,
    rejected: 'I really could not say, but here are many words about something else.',
  }));
  const lines = [...rows.map((row) => JSON.stringify(row)), '{"prompt": "half a row"', '{"chosen": "x"}'];
  writeFileSync(join(folder, 'pairs.jsonl'), `${lines.join('\n')}\n`);
});
afterAll(() => rmSync(folder, { recursive: true }));

function facet(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [entry, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, FACET_USER_DATA: join(folder, 'user') },
  });
  return { status, stdout, stderr };
}

/** What a command prints with --json; its own failure text shows when it is not JSON. */
function facetJson(...args: string[]) {
  const { stdout, stderr } = facet(...args, '--json');
  expect(stdout, stderr).toMatch(/^[[{]/);
  return JSON.parse(stdout);
}

/** For tests that start many processes one after another, on a machine that has other work. */
const patient = { timeout: 300_000 };

describe('help', () => {
  test('names every command, and every command explains itself and takes --json', patient, () => {
    const { stdout, status } = facet('--help');
    expect(status).toBe(0);
    for (const command of commands) {
      expect(stdout).toContain(`${command} `);
      const help = facet(command, '--help');
      expect(help.status).toBe(0);
      expect(help.stdout).toContain('--json');
    }
  });
});

describe('failures', () => {
  test('end with code 1 and say what, where and what to do', () => {
    const { status, stderr } = facet('import', 'none.jsonl', '--project', 'x.facet');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^error: .*none\.jsonl.* fix: /m);
    expect(existsSync(join(folder, 'x.facet'))).toBe(false);
  });
  test('a preview makes no project', () => {
    const { files } = facetJson('import', 'pairs.jsonl', '--preview', '--project', 'y.facet');
    expect(files).toMatchObject([{ rows: 50, added: 48, refused: 2, problemCount: 2, alreadyThere: 0 }]);
    expect(existsSync(join(folder, 'y.facet'))).toBe(false);
  });

  test('are one JSON object with --json', () => {
    const { failure } = facetJson('codes', '--project', 'missing.facet');
    expect(failure).toMatchObject({ code: 'cli.no-project', where: { file: join(folder, 'missing.facet') } });
  });

  test('a missing option is named', () => {
    const { status, stderr } = facet('train');
    expect(status).toBe(1);
    expect(stderr).toContain('--project');
  });
});

describe('from pairs to codes', () => {
  test('import counts what it read and lists what it could not', () => {
    const [result] = facetJson('import', 'pairs.jsonl', '--project', 'p.facet').files;
    expect(result).toMatchObject({ rows: 50, added: 48, alreadyThere: 0, refused: 2, problemCount: 2 });
    expect(result.problems.map(({ row }: { row: number }) => row)).toEqual([49, 50]);
    const [again] = facetJson('import', 'pairs.jsonl', '--project', 'p.facet').files;
    expect(again).toMatchObject({ rows: 50, added: 0, alreadyThere: 48, refused: 2 });
  });

  test('a dry run says what training would take, and stores no run', () => {
    const settings = ['--trainable', 'heads', '--steps', '6', '--engine', 'onnx-cpu'];
    const planned = facetJson('train', '--project', 'p.facet', ...settings, '--dry-run');
    expect(planned).toMatchObject({ pairs: 48, steps: 6, equalIds: [] });
    expect(planned.peakBytes).toBeGreaterThan(1e6);
  });

  test('train, codes, a typed prompt and a score follow one another', patient, () => {
    const settings = ['--trainable', 'heads', '--steps', '6', '--engine', 'onnx-cpu', '--seed', '3'];
    const { run, evaluation } = facetJson(
      ...['train', '--project', 'p.facet', ...settings, '--set', 'warmupSteps=1', '--set', 'latent.codes=8'],
    );
    // The first run: the dry one stored none.
    expect(run).toMatchObject({ id: 1, state: 'finished', step: 6, engine: 'onnx-cpu', pairs: 48 });
    expect(evaluation.accuracy).toBeGreaterThanOrEqual(0);

    const { overview } = facetJson('codes', '--project', 'p.facet');
    expect(overview).toMatchObject({ codes: 8, prompts: 48 });

    const { weights } = facetJson('codes', '--project', 'p.facet', '--prompt', 'Where is my parcel?');
    expect(weights).toHaveLength(8);
    expect(weights.reduce((sum: number, weight: number) => sum + weight, 0)).toBeCloseTo(1, 4);

    const scored = facetJson('score', 'pairs.jsonl', '--project', 'p.facet');
    expect(scored).toMatchObject({ runId: run.id, pairs: 48 });

    const { log_history: entries } = facetJson('figures', '--project', 'p.facet');
    const steps = entries.filter((entry: object) => 'loss' in entry);
    expect(steps.map(({ step }: { step: number }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(steps[0]).toHaveProperty(['rewards/margins']);
    expect(entries.at(-1)).toMatchObject({ step: 6, 'eval_rewards/accuracies': evaluation.accuracy });
    const { path } = facetJson('figures', '--project', 'p.facet', '--to', 'figures.jsonl');
    const lines = readFileSync(path, 'utf8').trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(entries);
  });
});
