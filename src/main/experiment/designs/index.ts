/** Every experiment by its name. */
import { FacetError } from '#core/result.ts';
import { type Design, EXPERIMENTS, type ExperimentName } from '../types.ts';
import { controls } from './controls.ts';
import { flipInjection } from './flipInjection.ts';
import { flips } from './flips.ts';
import { knownFactors } from './knownFactors.ts';
import { kSweep } from './kSweep.ts';
import { latentKind } from './latentKind.ts';
import { methods } from './methods.ts';
import { realModel } from './realModel.ts';
import { search } from './search.ts';

const DESIGNS: ReadonlyMap<ExperimentName, Design> = new Map(
  [methods, kSweep, flips, latentKind, controls, knownFactors, realModel, search, flipInjection].map(
    (design) => [design.name, design],
  ),
);

/** Throws `experiment.unknown-name`, which lists the names. */
export function designOf(name: string): Design {
  const design = DESIGNS.get(name as ExperimentName);
  if (design) return design;
  throw new FacetError({
    code: 'experiment.unknown-name',
    message: name === '' ? 'no experiment was named' : `there is no experiment ${name}`,
    fix: `Use one of ${EXPERIMENTS.join(', ')}.`,
  });
}
