import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { lockProject } from '../data/projectLock.ts';
import { temporaryFolder } from '../data/testProject.ts';
import { facetOver, importAll } from '../testFacet.ts';
import { createProgram } from './program.ts';

let project: string;

beforeEach(async () => {
  const folder = temporaryFolder();
  vi.stubEnv('FACET_USER_DATA', join(folder, 'user'));
  onTestFinished(() => void vi.unstubAllEnvs());
  project = join(folder, 'label.facet');
  const file = join(folder, 'pairs.jsonl');
  const rows = [1, 2, 3].map((number) => ({
    prompt: `Question ${number}`,
    chosen: `yes ${number}`,
    rejected: `no ${number}`,
  }));
  writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'));
  const facet = facetOver(folder);
  await facet.services.project.create({ path: project, name: 'Label' });
  await importAll(facet, file);
  await facet.dispose();
});

async function printed(...args: string[]): Promise<string> {
  const lines: string[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
  try {
    await createProgram().parseAsync(['label', ...args, '--project', project], { from: 'user' });
  } finally {
    write.mockRestore();
  }
  return lines.join('');
}
async function label(...args: string[]) {
  const text = await printed(...args, '--json');
  expect(text.trim().split('\n')).toHaveLength(1);
  return JSON.parse(text);
}
const ada = ['--annotator', 'Ada'];
const decide = (pair: number, verdict: string, name = 'Ada') =>
  label('decide', '--annotator', name, '--pair', String(pair), '--verdict', verdict);
const failure = (code: string) => ({ failure: { code } });

describe('facet label', () => {
  it('shows the next pair on the sides that stay drawn, and says when nothing is left', async () => {
    const first = await label('next', ...ada);
    expect(first).toMatchObject({
      pair: 1,
      source: 'pairs',
      messages: [{ role: 'user', content: 'Question 1' }],
      remaining: 3,
    });
    const texts = { [first.left.key]: first.left.text, [first.right.key]: first.right.text };
    expect(Object.keys(texts).sort()).toEqual(['a', 'b']);
    expect(Object.values(texts).sort()).toEqual(['no 1', 'yes 1']);
    expect(await label('next', ...ada)).toEqual(first);
    for (const pair of [1, 2, 3]) await decide(pair, 'skip');
    expect(await label('next', ...ada)).toEqual({ pair: null, remaining: 0, skipped: 3 });
    expect(await printed('next', ...ada)).toBe('nothing is left to decide; 3 skipped\n');
  });

  it('puts replies in order, and refuses ranks that are none', async () => {
    const file = join(dirname(project), 'several.jsonl');
    writeFileSync(file, JSON.stringify({ prompt: 'Which?', responses: ['One.', 'Two.', 'Three.'] }));
    const facet = facetOver(dirname(project));
    await facet.services.project.open(project);
    await importAll(facet, file);
    await facet.dispose();
    for (const pair of [1, 2, 3]) await decide(pair, 'a');
    const { pair, replies } = await label('next', ...ada);
    expect(replies.map(({ text }: { text: string }) => text).toSorted()).toEqual(['One.', 'Three.', 'Two.']);
    const rank = (id: number, ...ranks: string[]) =>
      label('rank', ...ada, '--pair', String(id), '--ranks', ...ranks);
    for (const ranks of [
      ['1', '2'],
      ['0', '1', '2'],
      ['1', '2', 'x'],
    ])
      await expect(rank(pair, ...ranks)).rejects.toMatchObject(failure('cli.bad-ranks'));
    await expect(rank(1, '1', '2')).rejects.toMatchObject(failure('cli.no-ranking'));
    expect(await rank(pair, '2', '1', '1')).toEqual({ pair, ranks: [2, 1, 1], remaining: 0 });
    expect(await label('undo', ...ada)).toEqual({ pair, verdict: null });
    expect(await label('next', ...ada)).toMatchObject({ pair, remaining: 3, replies });
  });

  it('takes an order, says why a pair comes, and refuses what is none', async () => {
    await decide(1, 'a', 'Ben');
    const first = await label('next', ...ada, '--order', 'least');
    expect(first).toMatchObject({ pair: 2, reason: 'nobody has labelled it yet' });
    expect(await printed('next', ...ada, '--order', 'least')).toMatch(/^pair 2 of pairs: nobody/);
    const [one, again] = [
      await label('next', ...ada, '--order', 'random:5'),
      await label('next', ...ada, '--order', 'random:5'),
    ];
    expect(one).toEqual(again);
    await expect(label('next', ...ada, '--order', 'luck')).rejects.toMatchObject(failure('cli.bad-order'));
    await expect(label('score')).rejects.toMatchObject(failure('cli.no-run'));
  });

  it('decides, takes back and decides again, and shows how it came about', async () => {
    expect(await decide(2, 'a')).toEqual({ pair: 2, verdict: 'a', remaining: 2 });
    await decide(1, 'tie');
    await decide(2, 'both_bad');
    await decide(2, 'b', 'Ben');
    expect(await label('undo', ...ada)).toEqual({ pair: 2, verdict: 'a' });
    expect(await label('undo', ...ada)).toEqual({ pair: 1, verdict: null });
    expect(await label('redo', ...ada)).toEqual({ pair: 1, verdict: 'tie' });
    expect(await label('redo', ...ada)).toEqual({ pair: 2, verdict: 'both_bad' });
    expect(await label('undo', ...ada)).toEqual({ pair: 2, verdict: 'a' });
    const shown = await label('show', '--pair', '2');
    expect(shown.standing).toEqual({ Ada: 'a', Ben: 'b' });
    expect(
      shown.history.map(({ annotator, action, verdict }: Record<string, unknown>) => [
        annotator,
        action,
        verdict,
      ]),
    ).toEqual([
      ['Ada', 'decide', 'a'],
      ['Ada', 'decide', 'both_bad'],
      ['Ben', 'decide', 'b'],
      ['Ada', 'undo', 'a'],
      ['Ada', 'redo', 'both_bad'],
      ['Ada', 'undo', 'a'],
    ]);
  });

  it('asks for what the project wants, stores it with the verdict, and writes replies', async () => {
    expect(await label('rules', '--strength', 'four', '--aspect', 'Helpful!', 'Honest')).toEqual({
      strength: 'four',
      aspects: [
        { name: 'Helpful', description: '', required: true },
        { name: 'Honest', description: '', required: false },
      ],
      rationale: 'off',
      confidence: 'off',
    });
    await expect(decide(1, 'a')).rejects.toMatchObject(failure('annotate.incomplete'));
    const said = ['--strength', '3', '--aspect', 'Helpful=na', '--flag', 'cut off'];
    await label('decide', ...ada, '--pair', '1', '--verdict', 'a', ...said);
    const { history } = await label('show', '--pair', '1');
    expect(history[0].attributes).toEqual({
      ...{ strength: 3, aspects: { Helpful: 'na' }, confidence: null, rationale: null, flag: 'cut off' },
    });
    const bad = ['--pair', '1', '--verdict', 'a', '--aspect', 'Helpful=left'];
    await expect(label('decide', ...ada, ...bad)).rejects.toMatchObject(failure('cli.bad-attribute'));
    expect(await label('rules', '--aspect', '')).toMatchObject({ strength: 'four', aspects: [] });
    const written = ['--pair', '2', '--over', 'a', '--text', 'better'];
    expect(await label('write', ...ada, ...written)).toEqual({ pair: 4, of: 2, over: 'a' });
    expect((await label('show', '--pair', '4')).history).toMatchObject([{ annotator: 'Ada', left: null }]);
  });

  it('refuses in words what it cannot do, and changes nothing', async () => {
    await expect(decide(9, 'a')).rejects.toMatchObject(failure('annotate.unknown-pair'));
    await expect(decide(1, 'left')).rejects.toMatchObject(failure('cli.bad-verdict'));
    await expect(label('show', '--pair', '1.5')).rejects.toMatchObject(failure('cli.bad-pair'));
    await expect(label('undo', '--annotator', 'Zoe')).rejects.toMatchObject(
      failure('annotate.unknown-annotator'),
    );
    await label('next', ...ada);
    await expect(label('undo', ...ada)).rejects.toMatchObject(failure('annotate.nothing-to-undo'));
    await expect(label('redo', ...ada)).rejects.toMatchObject(failure('annotate.nothing-to-redo'));
    await expect(label('next', '--annotator', ' ')).rejects.toMatchObject(failure('cli.bad-name'));
    expect((await label('show', '--pair', '1')).history).toEqual([]);
  });

  it('leaves a project alone that is open in a window', async () => {
    const release = lockProject(project);
    try {
      await expect(label('next', ...ada)).rejects.toMatchObject(failure('project.in-use'));
    } finally {
      release();
    }
  });
});
