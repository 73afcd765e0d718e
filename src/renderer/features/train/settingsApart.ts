/** What two runs' settings differ in. Pure. */
import type { RunConfig } from '#core/runConfig.ts';

export interface SettingApart {
  /** As `--set` names it: `latent.codes`. */
  readonly name: string;
  readonly own: string;
  readonly others: string;
}

function flat(value: object, path = ''): [name: string, value: string][] {
  return Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? flat(inner, `${path}${name}.`)
      : [[path + name, inner === null ? 'none' : Array.isArray(inner) ? inner.join(', ') : String(inner)]],
  );
}

/** A setting that one of them lacks, as a plain run lacks those of the latent, is shown as a dash. */
export function settingsApart(own: RunConfig, others: RunConfig): SettingApart[] {
  const parts = ({ latent, ...plain }: RunConfig) => [...flat(plain), ...(latent ? flat({ latent }) : [])];
  const theirs = new Map(parts(others));
  const ours = new Map(parts(own));
  return [...new Set([...ours.keys(), ...theirs.keys()])].flatMap((name) => {
    const pair = { own: ours.get(name) ?? '–', others: theirs.get(name) ?? '–' };
    return pair.own === pair.others ? [] : [{ name, ...pair }];
  });
}
