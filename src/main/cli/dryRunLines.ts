import { methodName } from '#core/methods.ts';
import type { RunConfig } from '#core/runConfig.ts';
import type { Outputs } from '#shared/contract.ts';
import { percent } from './output.ts';

const inGib = (bytes: number): string => `${(bytes / 1024 ** 3).toFixed(2)} GiB`;
const counted = (count: number): string => Math.round(count).toLocaleString('en-US');

function timeWords(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** What `facet train --dry-run` says: the form's estimate, line by line. */
export function dryRunLines(config: RunConfig, estimate: Outputs['runs']['estimate']): string[] {
  const { pairs, pairsCut, tokens, tokensCut, equalIds, secondsTotal } = estimate;
  const { peakBytes, memoryBytes, trainableParameters, steps, pairsPerStep } = estimate;
  const equal =
    equalIds.length === 0
      ? 'none is left out'
      : `${counted(equalIds.length)} are left out, whose replies are the same once cut: ${equalIds.join(', ')}`;
  return [
    `${methodName(config)}, ${config.trainable}, ${counted(steps)} steps of about ${counted(pairsPerStep)} pairs; nothing is trained`,
    `pairs: ${counted(pairs)}; ${equal}`,
    pairsCut === 0
      ? `cut: none, ${counted(tokens)} tokens`
      : `cut: ${counted(pairsCut)} of ${counted(pairs)} pairs, losing ${counted(tokensCut)} of ${counted(tokens + tokensCut)} tokens (${percent(tokensCut / (tokens + tokensCut))})`,
    `trained parameters: ${counted(trainableParameters)}`,
    `memory: about ${inGib(peakBytes)} of ${inGib(memoryBytes)}`,
    `time: ${secondsTotal === null ? 'not measured, it may not fit in the memory that is free' : `about ${timeWords(secondsTotal)}`}`,
  ];
}
