import type { CodesOverview } from '#shared/entities.ts';
import { PaneSection } from '../../components/SidePane.tsx';
import { formatShare, plural } from '../../format.ts';
import { codeColour } from '../../theme/codeColour.ts';
import { useColourScheme } from '../../theme/useColourScheme.ts';
import css from './codes.module.css';

interface CodeEffectsProps {
  readonly code: number;
  readonly causes: CodesOverview['causes'];
}

/** What this code alone does to the labels of each group of held-out pairs. */
export function CodeEffects({ code, causes }: CodeEffectsProps) {
  const scheme = useColourScheme();
  const own = causes?.codes.find((each) => each.code === code);
  if (!causes || (!own && causes.reason === null)) return null;
  return (
    <PaneSection label="Under this code alone">
      {own ? (
        <div className={css.bars}>
          {own.effects.map(({ group, pairs, accuracy, low, high, pinnedAccuracy }) => (
            <div
              key={group}
              className={css.source}
              title={`${plural(pairs, 'held-out pair')}: ${formatShare(accuracy, 0)} right with this code alone (95 % interval ${formatShare(low, 0)} to ${formatShare(high, 0)}), ${formatShare(pinnedAccuracy, 0)} with half of it and half of the prior’s own mix`}
            >
              <span className="ellipsis">{group}</span>
              <span className={css.bar} aria-hidden="true">
                <i style={{ width: `${accuracy * 100}%`, background: codeColour(code, scheme) }} />
              </span>
              <span className={`num muted ${css.number}`}>{formatShare(accuracy, 0)}</span>
            </div>
          ))}
          <span className="small muted">
            {own.serves === null
              ? 'It serves no group better than the other codes do, beyond chance.'
              : `It serves ${own.serves} better than the other codes do.`}
          </span>
        </div>
      ) : (
        <span className="small muted">{causes.reason}</span>
      )}
    </PaneSection>
  );
}
