/** Cells of one group: every method with every seed, on the same pairs. */
import type { Cell, CellData, DesignInput, SettingChanges } from '../types.ts';

export interface Method {
  readonly name: string;
  /** What makes it this method; no option overrules it. */
  readonly defining: SettingChanges;
  /** What it starts from where the user says nothing. */
  readonly suggested?: SettingChanges;
  readonly facts?: Cell['facts'];
}

export const PLAIN: SettingChanges = { latent: null };
export const LPC: SettingChanges = { latent: {} };

export function cellsOf(
  { seeds, modelDir, settings }: DesignInput,
  group: string,
  methods: readonly Method[],
  data: (seed: number) => () => CellData,
): Cell[] {
  return seeds.flatMap((seed) => {
    const shared = data(seed);
    return methods.map(({ name, defining, suggested, facts }) => ({
      key: `${group}/${name}/seed ${seed}`,
      group,
      method: name,
      seed,
      modelDir,
      data: shared,
      config: settings(seed, defining, suggested),
      ...(facts && { facts }),
    }));
  });
}
