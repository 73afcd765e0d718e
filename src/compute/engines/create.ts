/** Chooses, makes and lists engines. */
import type { EngineReport, EnginesResult } from '#core/jobs.ts';
import { fail, ok, type Result, toFailure } from '#core/result.ts';
import type { EngineChoice, EngineName } from '#core/runConfig.ts';
import type { Engine } from '../program.ts';
import { prepareTfjs } from '../tf.ts';
import { measure } from './probe.ts';
import { type EngineOptions, PROVIDERS, type Provider, presence } from './providers.ts';

export interface Created {
  readonly engine: Engine;
  /** In words, where `auto` passed over a faster kind of engine that is there but failed; null otherwise. */
  readonly fallback: string | null;
}

interface Measured {
  readonly provider: Provider;
  readonly device: string;
  readonly msPerStep: number | null;
  /** Why a present engine could not run the probe. */
  readonly problem: string | null;
}

const measurements = new Map<EngineName, Promise<Measured | null>>();

async function measureOne(provider: Provider): Promise<Measured | null> {
  const found = await presence(provider);
  if (!found.present) return null;
  const engine = provider.make(found.device, {});
  try {
    return { provider, device: found.device, msPerStep: await measure(engine), problem: null };
  } catch (error) {
    return { provider, device: found.device, msPerStep: null, problem: toFailure(error).message };
  } finally {
    await engine.dispose();
  }
}

/** Those of `providers` that are there, the fastest first; each is measured once per process, one at a time. */
async function ranked(providers: readonly Provider[]): Promise<readonly Measured[]> {
  const all: Measured[] = [];
  for (const provider of providers) {
    const measuring = measurements.get(provider.name) ?? measureOne(provider);
    measurements.set(provider.name, measuring);
    const measured = await measuring;
    if (measured !== null) all.push(measured);
  }
  return all.sort((a, b) => (a.msPerStep ?? Infinity) - (b.msPerStep ?? Infinity));
}

/** Plain JavaScript is measured only where nothing else works: it is never the fastest. */
async function candidates(): Promise<readonly Measured[]> {
  const last = PROVIDERS.filter(({ name }) => name === 'tfjs-cpu');
  const all = await ranked(PROVIDERS.filter((provider) => !last.includes(provider)));
  return all.some(({ msPerStep }) => msPerStep !== null) ? all : [...all, ...(await ranked(last))];
}

/**
 * Makes the engine that is asked for. `auto` takes the fastest by a short measurement. An engine that isn't there is
 * `compute.engine-absent`: a named one is never replaced by another.
 */
export async function createEngine(
  choice: EngineChoice,
  options: EngineOptions = {},
): Promise<Result<Created>> {
  prepareTfjs();
  if (choice !== 'auto') {
    const provider = PROVIDERS.find(({ name }) => name === choice)!;
    const found = await presence(provider);
    if (!found.present) return fail(found.failure);
    return ok({ engine: provider.make(found.device, options), fallback: null });
  }
  const all = await candidates();
  const best = all.find(({ msPerStep }) => msPerStep !== null);
  if (best === undefined) {
    return fail({
      code: 'compute.no-engine',
      message: `No engine works on this machine: ${all.map(({ provider, problem }) => `${provider.name}: ${problem}`).join('; ')}`,
      fix: 'Reinstall the packages onnxruntime-node and @tensorflow/tfjs.',
    });
  }
  const broken = all.filter(({ problem }) => problem !== null);
  const fallback =
    broken.length === 0
      ? null
      : `${best.provider.name} is used because ${broken.map(({ provider, problem }) => `${provider.name} failed (${problem})`).join(', ')}`;
  return ok({ engine: best.provider.make(best.device, options), fallback });
}

/** Every engine, there or not, with the reason and what to do; measured where `probe` asks for it. */
export async function listEngines({ probe }: { readonly probe: boolean }): Promise<EnginesResult> {
  prepareTfjs();
  const measured = probe ? await ranked(PROVIDERS) : [];
  const engines: EngineReport[] = [];
  for (const provider of PROVIDERS) {
    const found = await presence(provider);
    const result = measured.find((one) => one.provider === provider);
    const problem = result?.problem ?? null;
    engines.push({
      name: provider.name,
      available: found.present && problem === null,
      device: found.present ? found.device : null,
      reason: found.present ? problem : found.failure.message,
      fix: found.present ? (problem === null ? null : provider.fix) : (found.failure.fix ?? provider.fix),
      msPerStep: result?.msPerStep ?? null,
    });
  }
  const first: EngineName = engines.find((engine) => engine.available)?.name ?? 'onnx-cpu';
  return { engines, fastest: measured[0]?.provider.name ?? first };
}
