import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { FacetError } from '#core/result.ts';
import { newMemberSchema, type Role } from '#shared/peopleEntities.ts';
import type { Facet } from '../app.ts';
import { rendererDir, userDataDir } from '../environment.ts';
import { keptLog } from '../keptLog.ts';
import { startServer } from '../serve/server.ts';
import { type OutputOptions, printResult } from './output.ts';
import { createHeadlessFacet, openProject } from './session.ts';

interface ServeOptions extends OutputOptions {
  readonly port: number;
  readonly project?: string;
  readonly annotators?: readonly string[];
  readonly adjudicators?: readonly string[];
  readonly newLinks: boolean;
}

interface PersonLink {
  readonly name: string;
  readonly role: Role;
  /** Null where the person has a link already, which is shown only once. */
  readonly url: string | null;
}

/** A name, a role and a link for each person; one who has a link keeps it unless `newLinks`. */
async function personalLinks(
  { services: { people } }: Facet,
  { annotators = [], adjudicators = [], newLinks }: ServeOptions,
  port: number,
): Promise<PersonLink[]> {
  const wanted = [
    ...annotators.map((name) => ({ name, role: 'annotator' as const })),
    ...adjudicators.map((name) => ({ name, role: 'adjudicator' as const })),
  ].map((person) => {
    const read = newMemberSchema.safeParse(person);
    if (read.success) return read.data;
    throw new FacetError({
      code: 'cli.bad-name',
      message: `“${person.name}” is no name`,
      fix: 'Give each person a name of 1 to 80 characters.',
    });
  });
  const links: PersonLink[] = [];
  for (const { name, role } of wanted) {
    const known = people.list().find((member) => member.name === name);
    if (known !== undefined && known.linkMadeAt !== null && !newLinks) {
      await people.setRole(known.annotatorId, role);
      links.push({ name, role, url: null });
      continue;
    }
    const { token } = await people.add({ name, role });
    links.push({ name, role, url: `http://127.0.0.1:${port}/#token=${token}` });
  }
  return links;
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError('a port is a whole number from 0 to 65535.');
}

const endingSignal = () =>
  new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });

/** Serves until it is asked to end; a running training is then stopped and kept. */
async function serve(options: ServeOptions): Promise<void> {
  const log = keptLog(userDataDir(), 'serve');
  const facet = createHeadlessFacet(userDataDir(), { yielding: true, log });
  try {
    const named = [...(options.annotators ?? []), ...(options.adjudicators ?? [])];
    if (named.length > 0 && !options.project) {
      throw new FacetError({
        code: 'cli.no-project',
        message: 'people label in a project, and none is named',
        fix: 'Name it: --project FILE',
      });
    }
    const twice = named.find((name, place) => named.indexOf(name) !== place);
    if (twice !== undefined) {
      throw new FacetError({
        code: 'cli.named-twice',
        message: `${twice} is named twice`,
        fix: 'Give each person once, as annotator or as adjudicator.',
      });
    }
    if (options.project) await openProject(facet, options.project, true);
    const server = await startServer({
      facet,
      rendererDir,
      port: options.port,
      log,
    });
    const { port, token, url } = server;
    const people = await personalLinks(facet, options, port);
    printResult(options, { port, token, url, people }, () => [
      `Facet is at ${url}`,
      ...people.map(({ name, role, url: own }) =>
        own === null
          ? `${name}, ${role}: has a link already; --new-links makes another in its place`
          : `${name}, ${role}: ${own}`,
      ),
      ...(people.some(({ url: own }) => own !== null)
        ? ['Each personal link is shown this once. It holds until it is ended; keep --port the same.']
        : []),
      `From another machine: ssh -L ${port}:127.0.0.1:${port} THIS_MACHINE, then open the address there. Ctrl+C ends it.`,
    ]);
    await endingSignal();
    await server.close();
  } finally {
    await facet.dispose();
  }
}

export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description(
      'serve the workbench to a browser on the loopback address; prints the address with its token',
    )
    .option('--port <n>', 'port to listen on; 0 picks a free one', parsePort, 0)
    .option('-p, --project <file>', 'project to open at the start, created if missing')
    .option(
      '--annotators <names...>',
      'people who label: each gets a link to own work, queue and guidelines alone',
    )
    .option('--adjudicators <names...>', 'the same for people who also settle disagreements')
    .option('--new-links', 'a new link for each of them in the place of the one they have', false)
    .option('--json', 'print port, token and address as JSON')
    .action(serve);
}
