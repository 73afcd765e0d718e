/** `facet serve` as a process of its own, as on a machine without a display. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { rootDir } from './facetWindow.ts';

export interface ServedFacet {
  readonly url: string;
  readonly port: number;
  readonly token: string;
  /** Links of those who are named, in their order. */
  readonly people: readonly { readonly name: string; readonly url: string }[];
  readonly stop: () => Promise<void>;
}

/** `more` are further arguments. */
export function serveFacet(userDataDir: string, more: readonly string[] = []): Promise<ServedFacet> {
  const child = spawn(
    process.execPath,
    [join(rootDir, 'out', 'main', 'cli.js'), 'serve', '--json', ...more],
    {
      env: { ...process.env, FACET_USER_DATA: userDataDir },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = () => {
    child.kill('SIGTERM');
    return ended;
  };
  return new Promise((resolve, reject) => {
    let output = '';
    let errors = '';
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    child.once('close', (code) => reject(new Error(`facet serve ended with code ${code}: ${errors}`)));
    child.stdout.on('data', (chunk) => {
      output += chunk;
      if (!output.trimEnd().endsWith('}')) return;
      const { url, port, token, people } = JSON.parse(output) as Omit<ServedFacet, 'stop'>;
      resolve({ url, port, token, people, stop });
    });
  });
}
