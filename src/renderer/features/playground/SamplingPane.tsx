import { Button, Textarea, TextInput } from '@mantine/core';
import { PaneSection } from '../../components/SidePane.tsx';
import css from './playground.module.css';
import { setSampling, usePlayground } from './playgroundStore.ts';
import { checkSampling, type SamplingField } from './samplingDraft.ts';

interface SamplingRow {
  readonly name: Exclude<SamplingField, 'stop'>;
  readonly label: string;
  readonly help: string;
}

const SAMPLING_ROWS: readonly SamplingRow[] = [
  {
    name: 'temperature',
    label: 'Temperature',
    help: 'How freely tokens are drawn; 0 always takes the likeliest.',
  },
  {
    name: 'topP',
    label: 'Top-p',
    help: 'Only the likeliest tokens that together reach this probability; 1 is off.',
  },
  { name: 'topK', label: 'Top-k', help: 'Only this many of the likeliest tokens; 0 is off.' },
  {
    name: 'minP',
    label: 'Min-p',
    help: 'Leaves out tokens below this share of the likeliest one’s probability; 0 is off.',
  },
  {
    name: 'repetitionPenalty',
    label: 'Repetition penalty',
    help: 'Makes tokens that were already used less likely; 1 is off.',
  },
  { name: 'maxTokens', label: 'Most tokens', help: 'A reply is cut after this many tokens.' },
  { name: 'seed', label: 'Seed', help: 'The same seed and settings draw the same replies.' },
  { name: 'samples', label: 'Replies', help: 'Drawn side by side for each lane, 1 to 16.' },
];

/** How tokens are drawn. */
export function SamplingPane({ onCopyCurl }: { readonly onCopyCurl: () => void }) {
  const sampling = usePlayground((state) => state.sampling);
  const { problems } = checkSampling(sampling);
  return (
    <PaneSection label="Sampling">
      <div className={css.sampling}>
        {SAMPLING_ROWS.map(({ name, label, help }) => (
          <TextInput
            key={name}
            size="xs"
            label={label}
            title={help}
            inputMode="decimal"
            autoComplete="off"
            spellCheck={false}
            classNames={{ input: 'num' }}
            value={sampling[name]}
            error={problems[name] ?? null}
            onChange={({ currentTarget }) => setSampling(name, currentTarget.value)}
          />
        ))}
        <Textarea
          size="xs"
          className={css.wide ?? ''}
          label="Stop strings"
          description="One per line; a reply ends before the first of them. \n is a line break."
          autosize
          minRows={1}
          maxRows={5}
          classNames={{ input: 'mono' }}
          value={sampling.stop}
          error={problems.stop ?? null}
          onChange={({ currentTarget }) => setSampling('stop', currentTarget.value)}
        />
      </div>
      <Button size="xs" mt="sm" title="The message and these settings, for facet serve" onClick={onCopyCurl}>
        Copy as curl
      </Button>
    </PaneSection>
  );
}
