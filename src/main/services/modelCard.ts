/** README.md of an export: what it is, how it was made, on what, and how well it did. */
import { basename } from 'node:path';
import { BEST_RULES } from '#core/bestCheckpoint.ts';
import type { BaseName } from '#core/jobs.ts';
import { settingsRead } from '#core/latentSettings.ts';
import { accuracyName, codesOf, hasPosterior, methodName } from '#core/methods.ts';
import type { EvaluationFrame } from '#core/runFrames.ts';
import type { Model, Run } from '#shared/entities.ts';
import type { ExportFormat } from '#shared/policyEntities.ts';
import type { OpenProject } from './OpenProject.ts';

const LIBRARIES: Readonly<Record<ExportFormat, string>> = {
  peft: 'peft',
  merged: 'transformers',
  gguf: 'gguf',
  'gguf-lora': 'gguf',
  onnx: 'onnxruntime',
  codebook: 'safetensors',
};

/** A JSON string is a YAML string, whatever it holds. */
const yaml = (value: string): string => JSON.stringify(value);
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const cell = (value: unknown): string => String(value).replaceAll('|', '\\|').replaceAll('\n', ' ');

function table(head: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const line = (cells: readonly unknown[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Settings one a row, those of the latent after a dot. */
function settingRows(config: Run['config']): [string, string][] {
  const { latent, ...plain } = config;
  const rows = Object.entries(plain).map(([name, value]): [string, string] => [name, JSON.stringify(value)]);
  if (latent === null) return [...rows, ['latent', 'none']];
  return [
    ...rows,
    ...settingsRead(latent).map(([name, value]): [string, string] => [
      `latent.${name}`,
      JSON.stringify(value),
    ]),
  ];
}

function figureRows(config: Run['config'], evaluation: EvaluationFrame): [string, string][] {
  const { accuracy, posteriorAccuracy, swappedAccuracy, margin, marginStd, kl, codePerplexity, nmiSource } =
    evaluation;
  const optional = (name: string, value: number | null, show: (value: number) => string) =>
    value === null ? [] : [[name, show(value)] as [string, string]];
  const plain = (value: number) => value.toFixed(4);
  return [
    [`${accuracyName(config)} (margin > 0)`, percent(accuracy)],
    ...optional('accuracy of the posterior, which sees the label', posteriorAccuracy, percent),
    ...optional('the same, chosen and rejected swapped', swappedAccuracy, percent),
    ['reward margin, mean ± standard deviation', `${plain(margin)} ± ${plain(marginStd)}`],
    ...optional('KL(q‖p), nats', hasPosterior(config) ? kl : null, plain),
    ...optional('code perplexity', codePerplexity, plain),
    ...optional('NMI (code; source)', nmiSource, plain),
  ];
}

/** Of the last evaluation up to the checkpoint's step: what comes later was measured on other weights. */
function figures(project: OpenProject, run: Run, step: number): string {
  const last = project.runs
    .frames(run.id, 0, -1)
    .findLast((frame): frame is EvaluationFrame => frame.type === 'evaluation' && frame.step <= step);
  if (!last) return 'No pair was held out, so nothing was measured.';
  return `On ${last.pairs} pairs of held-out prompts, after step ${last.step}.\n\n${table(['figure', 'value'], figureRows(run.config, last))}`;
}

/** `the checkpoint of step 20, the best: lowest held-out preference loss`. */
function checkpointWords(run: Run, step: number): string {
  const isBest = run.checkpoints.some((kept) => kept.kind === 'best' && kept.step === step);
  return `the checkpoint of step ${step}${isBest ? `, the best: ${BEST_RULES[run.config.bestBy]}` : ''}`;
}

function sources(project: OpenProject, run: Run): string {
  const rows = project.runs.sourcesOf(run.selection.sourceIds);
  return table(
    ['source', 'file', 'pairs in it'],
    // The card is read elsewhere: folders of this machine say nothing there.
    rows.map(({ name, file, pairs }) => [name, basename(file), pairs]),
  );
}

interface CardSubject {
  readonly run: Run;
  /** Of the checkpoint that is written. */
  readonly step: number;
  readonly model: Model;
  readonly base: BaseName | undefined;
  readonly format: ExportFormat;
}

/** Markdown with YAML front matter, as the Hugging Face hub reads it. */
export function runModelCard(project: OpenProject, { run, step, model, base, format }: CardSubject): string {
  const { config } = run;
  const hasCodes = codesOf(config) !== null;
  const tags = ['preference-alignment', config.objective, ...(hasCodes ? ['latent-preference-coding'] : [])];
  return `---
base_model: ${yaml(base?.name ?? model.name)}
library_name: ${LIBRARIES[format]}
tags:
${tags.map((tag) => `- ${tag}`).join('\n')}
---

# ${run.name}

${methodName(config)} on ${model.name} (${model.info.architecture}, ${model.info.parameters.toLocaleString('en-US')} parameters), made with Facet ${run.codeVersion}.
${hasCodes ? 'Method: Latent Preference Coding, arXiv 2505.04993.\n' : ''}
Trained from ${run.startedAt} to ${run.endedAt ?? 'now'}, ${run.step} of ${config.steps} steps, seed ${config.seed}, engine ${run.engine ?? 'unknown'}. The weights are those of ${checkpointWords(run, step)}.

## Figures

${figures(project, run, step)}

## Data

${run.pairs} pairs, labels: ${run.selection.labels}. SHA-256 of the pairs as they were trained on: ${project.runs.datasetHash(run.id) ?? 'not kept'}.

${sources(project, run)}

## Settings

${table(['setting', 'value'], settingRows(config))}
`;
}
