import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { FacetError } from '#core/result.ts';
import { writeFileAtomic } from '#disk/writeFile.ts';
import type { ImportRules } from '#shared/importEntities.ts';
import { type FileReport, failedReport, fileReport } from '#shared/importReport.ts';
import type { Facet } from '../app.ts';
import { storageFailure } from '../data/check.ts';
import { type InputFile, inputName } from '../import/files/bytes.ts';
import { listInputs } from '../import/files/listInputs.ts';
import { readNothing, reportLines } from './importReport.ts';
import {
  parseGoodFrom,
  parseJsonTexts,
  parseMap,
  parseMargin,
  parsePairing,
  parseVerdicts,
} from './importRules.ts';
import { type OutputOptions, percent, printResult, progressLine } from './output.ts';
import { withProject } from './session.ts';

interface ImportOptions extends OutputOptions, ImportRules {
  readonly project: string;
  readonly preview?: boolean;
  readonly report?: string;
}

async function importOne(facet: Facet, input: InputFile, rules: ImportRules): Promise<FileReport> {
  const name = inputName(input);
  const progress = progressLine();
  const { path, entry } = input;
  for await (const frame of facet.services.library.import(path, undefined, { entry, rules })) {
    if (frame.type === 'done') {
      progress.end();
      return fileReport(name, frame);
    }
    const share = frame.bytesTotal > 0 ? frame.bytesRead / frame.bytesTotal : 0;
    progress.update(String(Math.floor(10 * share)), `${name}: ${frame.rows} rows, ${percent(share)}`);
  }
  throw new FacetError({
    code: 'import.unfinished',
    message: 'the import ended early',
    where: { file: name },
  });
}

async function previewOne(facet: Facet, { path, entry }: InputFile, rules: ImportRules): Promise<FileReport> {
  const preview = await facet.services.library.preview(path, { entry, rules });
  return fileReport(preview.file, preview);
}

/** A file that cannot be read is one report among the others. */
async function eachFile(
  inputs: readonly InputFile[],
  read: (input: InputFile) => Promise<FileReport>,
): Promise<FileReport[]> {
  const reports: FileReport[] = [];
  for (const input of inputs) {
    try {
      reports.push(await read(input));
    } catch (error) {
      const failure = storageFailure(error);
      if (!failure.code.startsWith('import.') || failure.code === 'import.stopped') throw error;
      reports.push(failedReport(inputName(input), failure));
    }
  }
  return reports;
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

async function run(files: readonly string[], options: ImportOptions): Promise<void> {
  const { project, preview = false, report, map, verdicts, pairing, margin, goodFrom, jsonTexts } = options;
  const rules: ImportRules = { map, verdicts, pairing, margin, goodFrom, jsonTexts };
  // Looked for before a project is made for them: a mistyped path leaves nothing behind.
  const inputs = await listInputs(files);
  const within = preview
    ? withPreviewProject
    : <T>(file: string, work: (path: string) => Promise<T>) => work(file);
  const reports = await within(project, (path) =>
    withProject(path, true, (facet) =>
      eachFile(inputs, (input) => (preview ? previewOne : importOne)(facet, input, rules)),
    ),
  );
  if (report !== undefined)
    await writeFileAtomic(resolve(report), [`${JSON.stringify({ files: reports })}\n`]);
  printResult(options, { files: reports }, () => reportLines(reports, !preview));
  if (readNothing(reports)) process.exitCode = 1;
}

export function addImportCommand(program: Command): void {
  program
    .command('import')
    .description('read preference pairs into a project; docs/formats.md lists what is read')
    .argument(
      '<files...>',
      'JSON Lines, JSON, CSV, TSV, Parquet or Arrow, also as gz, zst or zip; or folders of them',
    )
    .requiredOption('-p, --project <file>', 'project file, created if missing')
    .option('--preview', 'say what would be imported, and import nothing')
    .option(
      '--map <parts>',
      'which field is what: prompt=question,a=first,b=second,verdict=winner; remembered for files of these fields',
      parseMap,
    )
    .option('--verdicts <values>', 'what the values of the verdict say: 0=a,1=b,2=tie', parseVerdicts)
    .option(
      '--pairing <rule>',
      'pairs of several replies: best (against each), all or adjacent',
      parsePairing,
    )
    .option('--margin <number>', 'least difference of scores that makes a pair', parseMargin)
    .option(
      '--good-from <score>',
      'bring rated replies that stand alone in as single replies: good from this score on, else bad',
      parseGoodFrom,
    )
    .option(
      '--json-texts <what>',
      'texts that hold JSON lists: read them, or keep them as text',
      parseJsonTexts,
    )
    .option('--report <file>', 'write the report to this file, too')
    .option('--json', 'end with the report as one line of JSON')
    .action((files: string[], options: ImportOptions) => run(files, options));
}
