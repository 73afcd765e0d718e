/** One step of the loop: rows taken, weights moved on, figures reported. */
import type { GraphicsUse } from '#compute/engines/graphicsUse.ts';
import { codesOf, hasPosterior } from '#core/methods.ts';
import { FacetError } from '#core/result.ts';
import type { RunFrame, StepFrame } from '#core/runFrames.ts';
import type { LoopState } from './loopState.ts';
import { addMass } from './reseed.ts';
import { backboneStart, stepSettings } from './schedule.ts';
import type { StagePrograms } from './stage.ts';
import { brokenStep, type StepFigures, stepFigures, stepMargins, stepPriors } from './stepFigures.ts';
import type { StepOutputs } from './stepRunner.ts';
import { paceMeter, stepThrottle } from './throttle.ts';

const gpuFigures = (use: GraphicsUse | null): Pick<StepFrame, 'gpuLoad' | 'gpuMemoryBytes'> => ({
  ...(use?.load != null && { gpuLoad: use.load }),
  ...(use?.memoryBytes != null && { gpuMemoryBytes: use.memoryBytes }),
});

const frameOf = (
  loop: LoopState,
  done: number,
  figures: StepFigures,
  stepMs: number,
  timeLeftMs: number,
): StepFrame => {
  const { config } = loop.run;
  const { stage, ...settings } = stepSettings(config, done - 1);
  return {
    type: 'step',
    step: done,
    totalSteps: config.steps,
    ...figures,
    g: settings.g,
    temperature: codesOf(config) === null ? null : settings.temperature,
    klWeight: hasPosterior(config) ? settings.klWeight : null,
    learningRate: stage === 'heads' ? settings.headsLearningRate : settings.learningRate,
    headsLearningRate: settings.headsLearningRate,
    tokensPerSecond: Math.round((1000 * figures.tokens) / stepMs),
    memoryBytes: process.memoryUsage.rss(),
    ...gpuFigures(loop.graphics?.latest() ?? null),
    timeLeftMs,
    stage,
  };
};

/** Takes the loop's steps, each on its next rows; none where it is stopped in the midst of them. Throws `train.not-finite`, the step's warning reported before. */
export function stepper(loop: LoopState, stop: AbortSignal) {
  const { run, order, keeper, doctor, log } = loop;
  const { config } = run;
  const { steps: total } = config;
  const isReported = stepThrottle(total);
  const pace = paceMeter();

  return async function* takeStep(programs: StagePrograms): AsyncGenerator<RunFrame, void> {
    const { stage } = programs;
    const startedMs = performance.now();
    const place = order.place();
    const rows = order.take();
    let outputs: StepOutputs | null = null;
    try {
      outputs = await programs.train.run(loop.done, rows, programs.rowInputs, stop);
    } finally {
      // Nothing was moved on: a checkpoint of now begins with these rows.
      if (outputs === null) order.goTo(place);
    }
    if (outputs === null) return;
    const figures = stepFigures(rows, outputs, config);
    const broken = brokenStep(figures, loop.done + 1, keeper.newest());
    if (broken) {
      const { field, code, message, fix } = broken;
      yield { type: 'warning', step: loop.done + 1, code, message, fix };
      throw new FacetError({ code: 'train.not-finite', message, fix, where: { field } });
    }
    loop.done += 1;
    const stepMs = performance.now() - startedMs;
    const stageEnd = stage === 'heads' ? backboneStart(config) : total;
    const timeLeftMs = pace(stepMs, {
      stage,
      inStage: stageEnd - loop.done,
      later: total - stageEnd,
      forwardMs: programs.forwardMs === null ? null : rows.length * programs.forwardMs,
    });
    const priors = stepPriors(rows, outputs.rows, codesOf(config));
    if (loop.mass !== null && priors !== null) loop.mass = addMass(loop.mass, priors);
    const frame = frameOf(loop, loop.done, figures, stepMs, timeLeftMs);
    if (isReported(loop.done)) {
      await log.put(loop.done, { rows, margins: stepMargins(rows, outputs.rows), priors });
      yield frame;
    }
    // Every step, reported or not: which are reported depends on the clock.
    yield* doctor.afterStep(frame);
  };
}
