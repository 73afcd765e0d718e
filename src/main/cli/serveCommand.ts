import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { forLog } from '#core/plainText.ts';
import { rendererDir } from '../environment.ts';
import { startServer } from '../serve/server.ts';
import { type OutputOptions, printResult } from './output.ts';
import { createHeadlessFacet, openProject } from './session.ts';

interface ServeOptions extends OutputOptions {
  readonly port: number;
  readonly project?: string;
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
  const facet = createHeadlessFacet();
  try {
    if (options.project) await openProject(facet, options.project, true);
    const server = await startServer({
      facet,
      rendererDir,
      port: options.port,
      log: (line) => process.stderr.write(`${forLog(line)}\n`),
    });
    const { port, token, url } = server;
    printResult(options, { port, token, url }, () => [
      `Facet is at ${url}`,
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
    .option('--json', 'print port, token and address as JSON')
    .action(serve);
}
