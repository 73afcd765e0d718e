/** A project as several people label it, for pictures of what labelling shows: the sample, a ranking, two who differ. */
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NO_ATTRIBUTES } from '../src/core/verdictAttributes.ts';
import { createHeadlessFacet } from '../src/main/cli/session.ts';
import { Connection } from '../src/main/services/Connection.ts';
import { rootDir } from '../tests/helpers/facetWindow.ts';

const GUIDELINES = `# What is better

Prefer the reply that **answers what was asked**, then the one that is safe to follow.

- A wrong fact loses, however well it is put.
- *Example*: “Take two more pills” loses against “Ask a pharmacist”.
`;
const RANKED = {
  prompt: 'How do I keep basil alive in a kitchen?',
  responses: [
    'Stand it in a light window, water it from below when the top of the soil is dry, and pick from the tips.',
    'Water it every day.',
    'Basil wants light and even moisture. Cut above a pair of leaves and it grows bushier.',
    'Keep it in the fridge.',
  ],
};

/** Makes it at `path`, closed. */
export async function annotatingProject(folder: string, path: string): Promise<void> {
  const facet = createHeadlessFacet(join(folder, 'making'));
  const { project, library, guidelines, annotate, people } = facet.services;
  try {
    await project.create({ path, name: 'House style' });
    const several = join(folder, 'basil.jsonl');
    writeFileSync(several, JSON.stringify(RANKED));
    for (const file of [join(rootDir, 'resources', 'sample', 'sample.jsonl'), several])
      for await (const _ of library.import(file));
    await project.updateSettings({
      repeats: 0.2,
      ratings: { scale: 'five' },
      verdict: {
        strength: 'four',
        confidence: 'optional',
        rationale: 'optional',
        aspects: ['Helpful', 'Honest'].map((name) => ({ name, description: '', required: false })),
      },
    });
    await guidelines.save(new Connection(), { text: GUIDELINES, note: 'With an example' });
    await people.add({ name: 'Cyd', role: 'adjudicator' });
    for (const [name, often] of [
      ['Ada', 5],
      ['Bo', 3],
    ] as const) {
      const who = new Connection();
      const { id: annotatorId } = await annotate.identify(who, { name });
      const scope = { filter: null, includeSkipped: false };
      let queue = await annotate.queue(who, { ...scope, pairId: null });
      for (let given = 0; given < 70 && queue.items[0]; given++) {
        const { pairId, left } = queue.items[0];
        const verdict = pairId % often === 0 ? 'b' : 'a';
        const attributes = {
          ...NO_ATTRIBUTES,
          strength: 1 + (pairId % 3),
          aspects: { Helpful: verdict },
        } as const;
        queue = await annotate.decide(who, {
          ...{ ...scope, requestId: randomUUID(), annotatorId, pairId, verdict, attributes },
          ...{ leftKey: left.key, durationMs: 9000 + 100 * given },
        });
      }
    }
    const basil = (await library.sources()).find(({ name }) => name.includes('basil'));
    const filter = { text: '', sourceId: basil?.id ?? null, status: 'all' as const };
    await library.change({ selection: { filter, except: [] }, action: 'queue' });
  } finally {
    await facet.dispose();
  }
}
