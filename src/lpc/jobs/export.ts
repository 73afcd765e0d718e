/** A checkpoint as files that other tools read; the folder is complete or absent. */

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { GgufType } from '#compute/stored/quantise.ts';
import {
  type BaseName,
  type ExportJob,
  type ExportResult,
  type ExportType,
  FORMAT_TYPES,
} from '#core/jobs.ts';
import { codesOf, whyWithoutCodes } from '#core/methods.ts';
import { FacetError, unreachable } from '#core/result.ts';
import { writeFolderAtomic } from '#disk/folder.ts';
import { writeFileAtomic } from '#disk/writeFile.ts';
import { writeCodeBias } from '../export/codeBias.ts';
import { cannotCarry } from '../export/failures.ts';
import { writeGgufAdapter } from '../export/gguf/writeAdapter.ts';
import { writeGgufModel } from '../export/gguf/writeModel.ts';
import { LATENT_FILE, latentLayout, writeLatentFile } from '../export/latentFile.ts';
import { writeMerged } from '../export/merged.ts';
import { writeOnnx } from '../export/onnx/writeOnnx.ts';
import { writePeft } from '../export/peft.ts';
import { type ExportSource, openExportSource } from '../export/source.ts';

/** What a reader must know where the files can't carry z. */
const withoutLatent = (what: string): string =>
  `${what} can't carry the latent: loaded by itself it is the policy without z, not the one whose figures are given. ` +
  `${LATENT_FILE} beside it holds the latent’s weights; export ONNX for a policy with z inside.`;

/** Throws `export.type` where the format has no such form. */
function typeOf({ format, type }: ExportJob): ExportType {
  const types = FORMAT_TYPES[format];
  if (type === undefined || types.includes(type)) return type ?? types[0];
  throw new FacetError({
    code: 'export.type',
    message: `The format ${format} is not written as ${type}.`,
    fix: types.length === 1 ? 'Leave the type out.' : `Choose one of ${types.join(', ')}.`,
    where: { field: 'type' },
  });
}

async function writeFormat(
  source: ExportSource,
  folder: string,
  format: ExportJob['format'],
  type: ExportType,
  base: BaseName | undefined,
): Promise<string[]> {
  const { latent } = source.config;
  switch (format) {
    case 'peft': {
      const notes = await writePeft(source, folder, base);
      return latent ? [withoutLatent('A PEFT adapter'), ...notes] : notes;
    }
    case 'merged': {
      const notes = await writeMerged(source, folder, type as 'F32' | 'BF16');
      return latent ? [withoutLatent('A plain merged folder'), ...notes] : notes;
    }
    case 'gguf': {
      const notes = await writeGgufModel(source, folder, type as GgufType);
      return latent ? [withoutLatent('A GGUF file'), ...notes] : notes;
    }
    case 'gguf-lora': {
      const notes = await writeGgufAdapter(source, folder);
      return latent ? [withoutLatent('A GGUF adapter'), ...notes] : notes;
    }
    case 'onnx':
      return writeOnnx(source, folder);
    case 'codebook':
      if (codesOf(source.config) !== null)
        return ['Prior, posterior and codebook alone; the backbone is the base model, or its adapter.'];
      throw cannotCarry(
        `This run has no codebook: ${whyWithoutCodes(source.config)}.`,
        'Export the PEFT adapter, the merged folder or the ONNX policy instead.',
      );
    default:
      return unreachable(format);
  }
}

async function listed(folder: string): Promise<ExportResult['files']> {
  const names = (await readdir(folder)).sort();
  return Promise.all(names.map(async (name) => ({ name, bytes: (await stat(join(folder, name))).size })));
}

/** Formats for servers that know nothing of z, and the latent alone. */
const WITH_BIASES: readonly ExportJob['format'][] = ['gguf', 'gguf-lora', 'codebook'];

/** Throws `export.…`, `checkpoint.…`, `model.…`. */
export async function exportJob(job: ExportJob): Promise<ExportResult> {
  const source = await openExportSource(job.modelDir, job.checkpointDir);
  const type = typeOf(job);
  let notes: string[] = [];
  try {
    await writeFolderAtomic(job.outputDir, async (folder) => {
      notes = await writeFormat(source, folder, job.format, type, job.base);
      const bias = WITH_BIASES.includes(job.format) ? await writeCodeBias(source, folder) : null;
      if (bias !== null) notes.push(bias);
      if (source.config.latent && job.format !== 'onnx') await writeLatentFile(source, folder);
      const layout = job.format === 'onnx' ? '' : latentLayout(source);
      const contents =
        notes.length === 0
          ? ''
          : `## What these files hold\n\n${notes.map((note) => `- ${note}`).join('\n')}\n`;
      await writeFileAtomic(join(folder, 'README.md'), [
        [job.modelCard.trimEnd(), contents, layout].filter(Boolean).join('\n\n'),
        '\n',
      ]);
    });
  } catch (error) {
    if (error instanceof FacetError || !(error instanceof Error && 'code' in error)) throw error;
    throw new FacetError(
      {
        code: 'export.not-written',
        message: `The export could not be written: ${error.message}`,
        fix: 'Check that you can write to the folder and that the disk has room.',
        where: { file: job.outputDir },
      },
      { cause: error },
    );
  }
  return { folder: job.outputDir, files: await listed(job.outputDir), notes };
}
