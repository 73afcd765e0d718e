/** Chooses, makes and lists engines. */
import type { EngineReport, EnginesResult } from '#core/jobs.ts';
import { FacetError, fail, ok, type Result, toFailure } from '#core/result.ts';
import type { EngineChoice, EngineName } from '#core/runConfig.ts';
import type { Engine } from '../program.ts';
import { prepareTfjs } from '../tf.ts';
import { detailOf } from './absent.ts';
import { measure } from './probe.ts';
import { type EngineOptions, PROVIDERS, type Provider, presence } from './providers.ts';

export interface Created {
  readonly engine: Engine;
  /** In words, where `auto` passed over an engine that is there but failed; null otherwise. */
  readonly fallback: string | null;
}

interface Measured {
  readonly provider: Provider;
  readonly device: string;
  readonly msPerStep: number | null;
  /** Why a present engine could not run the probe, in plain words, and what the library said. */
  readonly problem: { readonly reason: string; readonly detail: string | null } | null;
}

/** Failures that carry a library's own words in their message. */
const RAW_WORDS = new Set(['compute.session-failed', 'compute.run-failed', 'internal.unexpected']);

function problemOf(error: unknown): NonNullable<Measured['problem']> {
  const { code, message } = toFailure(error);
  if (RAW_WORDS.has(code)) return { reason: 'the measuring step failed on it.', detail: message };
  return { reason: message, detail: error instanceof FacetError ? detailOf(error) : message };
}

export interface EngineChooser {
  createEngine(choice: EngineChoice, options?: EngineOptions): Promise<Result<Created>>;
  listEngines(settings: { readonly probe: boolean }): Promise<EnginesResult>;
}

/** Each engine is looked for and measured once per chooser. */
export function engineChooser(providers: readonly Provider[]): EngineChooser {
  const measurements = new Map<EngineName, Promise<Measured | null>>();

  async function measureOne(provider: Provider): Promise<Measured | null> {
    const found = await presence(provider);
    if (!found.present) {
      if (!found.broken) return null;
      const problem = { reason: found.reason, detail: found.detail };
      return { provider, device: '', msPerStep: null, problem };
    }
    const { device } = found;
    let engine: Engine | null = null;
    try {
      engine = provider.make(device, {});
      return { provider, device, msPerStep: await measure(engine), problem: null };
    } catch (error) {
      return { provider, device, msPerStep: null, problem: problemOf(error) };
    } finally {
      await engine?.dispose();
    }
  }

  /** Those that are there, the fastest first, measured one at a time. */
  async function ranked(some: readonly Provider[]): Promise<readonly Measured[]> {
    const all: Measured[] = [];
    for (const provider of some) {
      const measuring = measurements.get(provider.name) ?? measureOne(provider);
      measurements.set(provider.name, measuring);
      const measured = await measuring;
      if (measured !== null) all.push(measured);
    }
    return all.sort((a, b) => (a.msPerStep ?? Infinity) - (b.msPerStep ?? Infinity));
  }

  /** Plain JavaScript is measured only where nothing else works: it is never the fastest. */
  async function candidates(): Promise<readonly Measured[]> {
    const last = providers.filter(({ name }) => name === 'tfjs-cpu');
    const all = await ranked(providers.filter((provider) => !last.includes(provider)));
    return all.some(({ msPerStep }) => msPerStep !== null) ? all : [...all, ...(await ranked(last))];
  }

  async function createEngine(choice: EngineChoice, options: EngineOptions = {}): Promise<Result<Created>> {
    prepareTfjs();
    if (choice !== 'auto') {
      const provider = providers.find(({ name }) => name === choice)!;
      const found = await presence(provider);
      if (!found.present) return fail(found.failure);
      return ok({ engine: provider.make(found.device, options), fallback: null });
    }
    const all = await candidates();
    const best = all.find(({ msPerStep }) => msPerStep !== null);
    if (best === undefined) {
      return fail({
        code: 'compute.no-engine',
        message: `No engine works on this machine: ${failures(all) || 'none is there'}`,
        fix: 'Reinstall the packages onnxruntime-node and @tensorflow/tfjs.',
      });
    }
    return ok({ engine: best.provider.make(best.device, options), fallback: fallbackOf(best, all) });
  }

  async function listEngines({ probe }: { readonly probe: boolean }): Promise<EnginesResult> {
    prepareTfjs();
    const measured = probe ? await ranked(providers) : [];
    const engines: EngineReport[] = [];
    for (const provider of providers) {
      engines.push(await report(provider, measured.find((one) => one.provider === provider) ?? null));
    }
    const best = measured.find(({ msPerStep }) => msPerStep !== null);
    const first: EngineName = engines.find((engine) => engine.available)?.name ?? 'onnx-cpu';
    return {
      engines,
      fastest: best?.provider.name ?? first,
      fallback: best === undefined ? null : fallbackOf(best, measured),
    };
  }

  return { createEngine, listEngines };
}

const failures = (all: readonly Measured[]): string =>
  all
    .flatMap(({ provider, problem }) =>
      problem === null ? [] : [`${provider.name}, because ${problem.reason}`],
    )
    .join(' ');

function fallbackOf(best: Measured, all: readonly Measured[]): string | null {
  const words = failures(all);
  return words === '' ? null : `${best.provider.name} is used. Not usable: ${words}`;
}

async function report(provider: Provider, measured: Measured | null): Promise<EngineReport> {
  const { name } = provider;
  const found = await presence(provider);
  if (!found.present) {
    const { message, fix } = found.failure;
    const why = { reason: message, fix: fix ?? provider.fix, detail: found.detail };
    return { name, available: false, device: null, ...why, msPerStep: null };
  }
  const problem = measured?.problem ?? null;
  return {
    name,
    available: problem === null,
    device: found.device,
    reason: problem === null ? null : `The engine ${name} is there but can't be used: ${problem.reason}`,
    fix: problem === null ? null : provider.fix,
    detail: problem?.detail ?? null,
    msPerStep: measured?.msPerStep ?? null,
  };
}

const chooser = engineChooser(PROVIDERS);

/**
 * Makes the engine that is asked for. `auto` takes the fastest by a short measurement. An engine that isn't there is
 * `compute.engine-absent`: a named one is never replaced by another.
 */
export const createEngine = chooser.createEngine;

/** Every engine, there or not, with the reason and what to do; measured where `probe` asks for it. */
export const listEngines = chooser.listEngines;
