import { existsSync } from 'node:fs';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { FacetError, toFailure } from '#core/result.ts';
import type { ImportFrame } from '#shared/entities.ts';
import type { Facet } from '../app.ts';
import { type OutputOptions, percent, printResult, progressLine } from './output.ts';
import { withProject } from './session.ts';

interface ImportOptions extends OutputOptions {
  readonly project: string;
  readonly preview?: boolean;
}
type Imported = Extract<ImportFrame, { type: 'done' }>;

const shownProblems = 20;

function problemLines(file: string, { problems, problemCount }: Pick<Imported, 'problems' | 'problemCount'>) {
  const shown = problems.slice(0, shownProblems).map(({ row, field, reason }) => {
    return `  ${file}, row ${row}${field ? `, field ${field}` : ''}: ${reason}`;
  });
  const more = problemCount - shown.length;
  return more > 0 ? [...shown, `  and ${more} more`] : shown;
}

async function importFile(facet: Facet, file: string): Promise<Imported> {
  const progress = progressLine();
  for await (const frame of facet.services.library.import(file)) {
    if (frame.type === 'done') {
      progress.end();
      return frame;
    }
    const share = frame.bytesTotal > 0 ? frame.bytesRead / frame.bytesTotal : 0;
    progress.update(String(Math.floor(10 * share)), `${file}: ${frame.rows} rows, ${percent(share)}`);
  }
  throw new FacetError({ code: 'import.unfinished', message: 'the import ended early', where: { file } });
}

/** Checked before a project is made for them: a mistyped path leaves nothing behind. */
async function requireReadable(files: readonly string[]): Promise<void> {
  for (const file of files.map((name) => resolve(name))) {
    await access(file).catch((error: unknown) => {
      throw new FacetError({
        code: 'import.unreadable-file',
        message: `${file} cannot be read: ${toFailure(error).message}.`,
        where: { file },
        fix: 'Check the path and that you have permission to read it.',
      });
    });
  }
}

async function importAll(files: string[], options: ImportOptions): Promise<void> {
  await requireReadable(files);
  const results = await withProject(options.project, true, async (facet) => {
    const imported = [];
    for (const file of files) imported.push({ file, ...(await importFile(facet, resolve(file))) });
    return imported.map(({ type: _type, ...rest }) => rest);
  });
  printResult(options, results, () =>
    results.flatMap((result) => [
      `${result.file}: ${result.imported} pairs imported, ${result.duplicates} already there, ${result.problemCount} rows could not be read`,
      ...problemLines(result.file, result),
    ]),
  );
}

/** Where the project doesn't exist yet, the preview is against an empty one that is removed again. */
async function withPreviewProject<T>(file: string, work: (project: string) => Promise<T>): Promise<T> {
  if (existsSync(resolve(file))) return work(file);
  const folder = await mkdtemp(join(tmpdir(), 'facet-preview-'));
  try {
    return await work(join(folder, 'preview.facet'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function previewAll(files: string[], options: ImportOptions): Promise<void> {
  await requireReadable(files);
  const results = await withPreviewProject(options.project, (project) =>
    withProject(project, true, (facet) =>
      Promise.all(files.map((file) => facet.services.library.preview(resolve(file)))),
    ),
  );
  printResult(options, results, () =>
    results.flatMap((result) => [
      `${result.file}: ${result.format}, ${result.rows} rows, ${result.readable} readable, ${result.duplicates} in the project already`,
      ...problemLines(result.file, result),
    ]),
  );
}

export function addImportCommand(program: Command): void {
  program
    .command('import')
    .description('read preference pairs from JSON Lines, JSON or their gzipped forms into a project')
    .argument('<files...>', '.jsonl, .json, .jsonl.gz or .json.gz: pairs, HH-RLHF dialogues or ShareGPT')
    .requiredOption('-p, --project <file>', 'project file, created if missing')
    .option('--preview', 'say what would be imported, and import nothing')
    .option('--json', 'print the result as JSON')
    .action((files: string[], options: ImportOptions) =>
      options.preview ? previewAll(files, options) : importAll(files, options),
    );
}
