import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { CodePage, TopPrompt } from '#shared/entities.ts';
import { MarkedTurns } from '../../components/prose/MarkedTurns.tsx';
import { PaneSection } from '../../components/SidePane.tsx';
import { codeColour } from '../../theme/codeColour.ts';
import { useColourScheme } from '../../theme/useColourScheme.ts';
import css from './codes.module.css';

const KINDS = ['top', 'random', 'borderline'] as const;
type Kind = (typeof KINDS)[number];
const LABELS: Readonly<Record<Kind, string>> = { top: 'Top', random: 'Random', borderline: 'Borderline' };
const SAYS: Readonly<Record<Kind, string>> = {
  top: 'The largest weights: the code at its clearest, not at its usual.',
  random: 'Drawn from the prompts that fire it most, always the same.',
  borderline: 'Another code is as near as this one.',
};

interface Props {
  readonly code: number;
  readonly page: CodePage;
  readonly onPrompt: (promptId: number) => void;
}

/** Prompts that stand for a code: top ones flatter it, so others are a press away. */
export function CodePrompts({ code, page, onPrompt }: Props) {
  const [kind, setKind] = useState<Kind>('top');
  return (
    <PaneSection label="Prompts">
      <SegmentedControl
        size="xs"
        aria-label="Which prompts"
        value={kind}
        data={KINDS.map((value) => ({ value, label: LABELS[value] }))}
        onChange={(value) => setKind(KINDS.find((one) => one === value) ?? 'top')}
      />
      <p className="small muted" style={{ margin: '2px 0 0' }}>
        {SAYS[kind]}
      </p>
      <PromptList code={code} prompts={page[kind]} onPrompt={onPrompt} />
    </PaneSection>
  );
}

function PromptList({
  code,
  prompts,
  onPrompt,
}: Pick<Props, 'code' | 'onPrompt'> & { readonly prompts: readonly TopPrompt[] }) {
  const scheme = useColourScheme();
  if (prompts.length === 0) return <span className="small muted">No prompt fires it most.</span>;
  return (
    <ol className={css.prompts}>
      {prompts.map(({ promptId, text, source, weight }) => (
        <li key={promptId}>
          <button
            type="button"
            className={css.prompt}
            title={`${source}: ${text}`}
            onClick={() => onPrompt(promptId)}
          >
            <span className="ellipsis">
              <MarkedTurns text={text} />
            </span>
            <span className={`num muted ${css.number}`}>{weight.toFixed(2)}</span>
            <span className={css.bar} aria-hidden="true">
              <i style={{ width: `${weight * 100}%`, background: codeColour(code, scheme) }} />
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}
