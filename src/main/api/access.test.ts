/** Every procedure of the contract against every role: what is not listed for a role is refused before any service sees it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRouterClient, ORPCError } from '@orpc/server';
import { describe, expect, it } from 'vitest';
import { DEFAULT_RUN } from '#core/runConfig.ts';
import { contract } from '#shared/contract.ts';
import { Connection } from '../services/Connection.ts';
import { importAll, openFacet } from '../testFacet.ts';
import { labelAs } from '../testLabeller.ts';

/** Written out here, so that a procedure that is let in by mistake is found. */
const OWN_WORK = [
  'app.info',
  'project.current',
  'people.me',
  'people.here',
  'people.switchTo',
  'annotate.annotators',
  'annotate.identify',
  'annotate.queue',
  'annotate.decide',
  'annotate.write',
  'annotate.undo',
  'annotate.redo',
  'annotate.unsaved',
  'annotate.keep',
  'annotate.restore',
  'annotate.discard',
  'ratings.queue',
  'ratings.rate',
  'ratings.undo',
  'ratings.redo',
  'guidelines.versions',
  'guidelines.text',
  'guidelines.told',
];
const PROCEDURES = Object.entries(contract).flatMap(([room, procedures]) =>
  Object.keys(procedures).map((name) => [room, name] as const),
);

async function open() {
  const { facet, folder } = await openFacet();
  const file = join(folder, 'pairs.jsonl');
  const rows = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => ({ prompt: `p${n}`, chosen: `c${n}`, rejected: `r${n}` }));
  writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'));
  await importAll(facet, file);
  const { people } = facet.services;
  const join_ = async (name: string, role: 'owner' | 'annotator' | 'adjudicator') => {
    const { member, token } = await people.add({ name, role });
    const pass = people.admit(token);
    if (pass === null) throw new Error('not admitted');
    const connection = new Connection({ isRemote: true, pass });
    const client = createRouterClient(facet.router, { context: { connection } });
    return { member, token, client };
  };
  return { facet, join: join_ };
}
type Client = Awaited<ReturnType<Awaited<ReturnType<typeof open>>['join']>>['client'];

async function codeOf(client: Client, room: string, name: string): Promise<string> {
  const call = (client as unknown as Record<string, Record<string, (input: unknown) => Promise<unknown>>>)[
    room
  ]?.[name];
  try {
    await call?.({});
    return 'answered';
  } catch (error) {
    if (!(error instanceof ORPCError)) throw error;
    return (error.data as { code?: string } | undefined)?.code ?? String(error.code);
  }
}

const SETTLING = ['adjudication.queue', 'adjudication.decide'];

describe.each([
  ['annotator', OWN_WORK],
  ['adjudicator', [...OWN_WORK, ...SETTLING]],
] as const)('an %s', (role, own) => {
  it(`is refused every procedure that is not own work, of ${PROCEDURES.length}`, async () => {
    const { join: joined } = await open();
    const { client } = await joined('Ada', role);
    const allowed: string[] = [];
    for (const [room, name] of PROCEDURES) {
      const code = await codeOf(client, room, name);
      if (code !== 'people.not-allowed') allowed.push(`${room}.${name}`);
    }
    expect(allowed.sort()).toEqual([...own].sort());
  });
});

describe('a page of this machine', () => {
  it('is handed to a person in their role, and given back', async () => {
    const { facet } = await open();
    const { people } = facet.services;
    const connection = new Connection();
    const client = createRouterClient(facet.router, { context: { connection } });
    const olga = await client.annotate.identify({ name: 'Olga' });
    const [ada, cyd] = [
      await people.add({ name: 'Ada', role: 'annotator' }),
      await people.add({ name: 'Cyd', role: 'adjudicator' }),
    ];
    expect(await client.people.me()).toEqual({ role: 'owner', bound: null, maySwitch: true });
    expect((await client.people.here()).map(({ name, role }) => [name, role])).toEqual([
      ['Olga', 'annotator'],
      ['Ada', 'annotator'],
      ['Cyd', 'adjudicator'],
    ]);

    const { annotatorId } = ada.member;
    const me = await client.people.switchTo({ annotatorId });
    expect(me).toEqual({ role: 'annotator', bound: { annotatorId, name: 'Ada' }, maySwitch: true });
    const allowed: string[] = [];
    for (const [room, name] of PROCEDURES)
      if ((await codeOf(client as never, room, name)) !== 'people.not-allowed')
        allowed.push(`${room}.${name}`);
    expect(allowed.sort()).toEqual([...OWN_WORK].sort());
    expect(await client.project.current()).toMatchObject({ path: '', counts: { labelled: 0 } });
    expect((await client.annotate.annotators()).map(({ name }) => name)).toEqual(['Ada']);
    await expect(client.annotate.identify({ annotatorId: olga.id })).rejects.toMatchObject({
      data: { code: 'people.bound' },
    });
    const queue = await client.annotate.queue({ filter: null, includeSkipped: false, pairId: null });
    expect(queue.annotatorId).toBe(annotatorId);
    expect(queue.items.map(({ revealed }) => revealed)).toEqual([null, null, null, null, null]);

    // What the owner changes of the role holds with the next call.
    await people.setRole(annotatorId, 'adjudicator');
    expect(await client.adjudication.queue({ pairId: null, after: null, blind: true })).toBeDefined();
    await client.people.switchTo({ annotatorId: cyd.member.annotatorId });
    expect((await client.annotate.annotators()).map(({ name }) => name)).toEqual(['Cyd']);

    expect(await client.people.switchTo({ annotatorId: null })).toMatchObject({ role: 'owner', bound: null });
    expect(await client.library.sources()).toHaveLength(1);
    await client.people.switchTo({ annotatorId });
    await facet.services.project.close();
    await expect(client.annotate.annotators()).rejects.toMatchObject({
      data: { code: 'people.other-project' },
    });
    expect(await client.people.switchTo({ annotatorId: null })).toMatchObject({ role: 'owner' });
  });

  it('that came by a link is handed to nobody', async () => {
    const { facet, join: joined } = await open();
    const { client } = await joined('Ada', 'annotator');
    const { member } = await facet.services.people.add({ name: 'Cyd', role: 'owner' });
    expect(await client.people.here()).toEqual([]);
    for (const annotatorId of [member.annotatorId, null])
      await expect(client.people.switchTo({ annotatorId })).rejects.toMatchObject({
        data: { code: 'people.bound' },
      });
  });
});

describe('a personal link', () => {
  const SCOPE = { filter: null, includeSkipped: false };

  it('binds its page to one person, who sees nothing of others', async () => {
    const { facet, join: joined } = await open();
    const cyd = await labelAs(facet, 'Cyd');
    await cyd.decide({ pairId: 1, verdict: 'a' });
    const { client, member } = await joined('Ada', 'annotator');
    expect(await client.people.me()).toEqual({
      role: 'annotator',
      bound: { annotatorId: member.annotatorId, name: 'Ada' },
      maySwitch: false,
    });
    expect(await client.annotate.annotators()).toEqual([
      { id: member.annotatorId, name: 'Ada', current: true },
    ]);
    await expect(client.annotate.identify({ name: 'Cyd' })).rejects.toMatchObject({
      data: { code: 'people.bound' },
    });
    await expect(client.annotate.identify({ annotatorId: cyd.annotatorId })).rejects.toMatchObject({
      data: { code: 'people.bound' },
    });
    const project = await client.project.current();
    expect(project).toMatchObject({ path: '', counts: { pairs: 8, labelled: 0, prompts: 0, runs: 0 } });
    expect(await client.app.info()).toMatchObject({ homeFolder: '', platform: '', memoryBytes: 0 });

    const queue = await client.annotate.queue({ ...SCOPE, pairId: null });
    const [first] = queue.items;
    if (first === undefined) throw new Error('no item');
    const after = await client.annotate.decide({
      ...SCOPE,
      requestId: crypto.randomUUID(),
      annotatorId: member.annotatorId,
      pairId: first.pairId,
      verdict: 'b',
      leftKey: first.left.key,
      durationMs: 5,
    });
    expect(after).toMatchObject({ annotatorId: member.annotatorId, decided: 1 });
    // Own pair again, but neither the file's label nor Cyd's.
    const again = await client.annotate.queue({ ...SCOPE, pairId: first.pairId });
    expect(again.items[0]).toMatchObject({ pairId: first.pairId, verdict: 'b', revealed: null });
    // In nobody else's name, and of no pair that never came up.
    const forged = {
      ...SCOPE,
      requestId: crypto.randomUUID(),
      verdict: 'a',
      leftKey: 'a',
      durationMs: 5,
    } as const;
    await expect(
      client.annotate.decide({ ...forged, annotatorId: cyd.annotatorId, pairId: first.pairId }),
    ).rejects.toMatchObject({ data: { code: 'annotate.other-annotator' } });
    await expect(
      client.annotate.decide({ ...forged, annotatorId: member.annotatorId, pairId: 8 }),
    ).rejects.toMatchObject({ data: { code: 'people.not-yours' } });
    await expect(client.annotate.queue({ ...SCOPE, pairId: 8 })).rejects.toMatchObject({
      data: { code: 'people.not-yours' },
    });
  });

  it('narrows no queue by what others said', async () => {
    const { facet, join: joined } = await open();
    const cyd = await labelAs(facet, 'Cyd');
    await cyd.decide({ pairId: 3, verdict: 'a' });
    const { client } = await joined('Ada', 'annotator');
    const whole = await client.annotate.queue({ ...SCOPE, pairId: null });
    const asked = await client.annotate.queue({
      pairId: null,
      includeSkipped: false,
      filter: { text: 'p3', sourceId: null, status: 'all', where: { annotators: [cyd.annotatorId] } },
      order: { by: 'least' },
    });
    expect(asked.total).toBe(whole.total);
    expect(asked.items.map(({ reason }) => reason)).toEqual([null, null, null, null, null]);
  });

  it('ends at once, is replaced at once, follows its role at once, and is stored as a hash alone', async () => {
    const { facet, join: joined } = await open();
    const { people } = facet.services;
    const ada = await joined('Ada', 'annotator');
    await people.setRole(ada.member.annotatorId, 'owner');
    expect(await ada.client.library.sources()).toHaveLength(1);
    await people.setRole(ada.member.annotatorId, 'annotator');
    await expect(ada.client.library.sources()).rejects.toMatchObject({
      data: { code: 'people.not-allowed' },
    });

    const { token } = await people.renewLink(ada.member.annotatorId);
    expect(people.admit(ada.token)).toBeNull();
    expect(people.admit(token)).not.toBeNull();
    await expect(ada.client.people.me()).rejects.toMatchObject({ data: { code: 'people.revoked' } });
    await people.revokeLink(ada.member.annotatorId);
    expect(people.admit(token)).toBeNull();
    expect(people.list()[0]).toMatchObject({ name: 'Ada', role: 'annotator', linkMadeAt: null });
    expect(people.admit('')).toBeNull();
  });

  it('is of one project', async () => {
    const { facet, join: joined } = await open();
    const { client } = await joined('Ada', 'annotator');
    await facet.services.project.close();
    await expect(client.project.current()).rejects.toMatchObject({ data: { code: 'people.other-project' } });
  });
});

it('starts no run from a folder of the machine, whoever asks by the network', async () => {
  const { facet, join: joined } = await open();
  const { client } = await joined('Olga', 'owner');
  const [model] = await facet.services.models.list();
  const asked = {
    modelId: model?.id ?? 1,
    config: { ...DEFAULT_RUN, startFrom: '/adapters/own' },
    selection: { labels: 'people-then-imported', sourceIds: null } as const,
  };
  for (const call of [client.runs.start, client.runs.estimate, client.runQueue.add])
    await expect(call(asked)).rejects.toMatchObject({ data: { code: 'network.no-path' } });
});
