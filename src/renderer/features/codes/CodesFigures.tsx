import type { CodesOverview } from '#shared/entities.ts';
import { Chip } from '../../components/Chip.tsx';
import { formatFigure, formatShare, plural } from '../../format.ts';
import { agreementWords, gainWords } from './figureWords.ts';

/** The codes in figures: what they cause first, then how they are used, last what they merely agree with. */
export function CodesFigures({ overview }: { readonly overview: CodesOverview }) {
  const { causes } = overview;
  return (
    <>
      {causes && <CauseChips causes={causes} />}
      <Chip
        tone={overview.warning ? 'warn' : 'plain'}
        title="In use: codes with at least 0.1 % of all mass. Fewer in use is no fault by itself"
      >
        {overview.codes - overview.dead} of {overview.codes} in use
      </Chip>
      <Chip
        title={`exp of the entropy of the mean p(z|x) over ${plural(overview.prompts, 'prompt')}: as many codes in even use`}
      >
        Perplexity {formatFigure(overview.perplexity, 1)}
      </Chip>
      <Chip title="How mixed the codes of one prompt are: exp of the mean entropy of p(z|x)">
        {formatFigure(Math.exp(overview.meanPromptEntropy), 1)} codes per prompt
      </Chip>
      <Agreement overview={overview} />
      <span className="small muted num">{plural(overview.prompts, 'prompt')}</span>
    </>
  );
}

/** What the labels of pairs that were held out say of the codes. */
function CauseChips({ causes }: { readonly causes: NonNullable<CodesOverview['causes']> }) {
  const { pairs, groupedBy, recovery } = causes;
  const on = plural(pairs, 'held-out pair');
  const gains = [
    { name: 'z off', gain: causes.gainOverOff, says: 'with z off' },
    {
      name: 'one vector',
      gain: causes.gainOverShared,
      says: 'with one vector for all prompts, the mean of their z',
    },
    {
      name: 'the best code',
      gain: causes.gainOverOneCode,
      says: 'with the best single code for all, found on other prompts',
    },
  ];
  return (
    <>
      {gains.map(({ name, gain, says }) => {
        if (gain === null) return null;
        const { text, tone } = gainWords(gain);
        return (
          <Chip
            key={name}
            tone={tone}
            title={`Accuracy with the prior’s own choice less that ${says}, on ${on}; 95 % ${formatFigure(gain.low)} to ${formatFigure(gain.high)} over prompts`}
          >
            {text} over {name}
          </Chip>
        );
      })}
      {recovery !== null && (
        <Chip
          tone={recovery >= 0.3 ? 'good' : 'warn'}
          title={`Each code was forced on ${on}: what the group that a prompt’s code serves tells of the prompt’s ${groupedBy}. 0 where codes tell prompts apart but do nothing for them, 1 where each serves what it is chosen for`}
        >
          Causal recovery {formatFigure(recovery, 2)}
        </Chip>
      )}
    </>
  );
}

/** Topics are in the states before any training: the figure stands beside what it is without any. */
function Agreement({ overview }: { readonly overview: CodesOverview }) {
  const { evidence, nmiSource, prompts } = overview;
  if (evidence === null)
    return (
      <Chip
        title={`Normalised mutual information of a prompt’s strongest code and its source, ${plural(prompts, 'prompt')}. It measures topics, not preferences`}
      >
        NMI(code, source) {formatFigure(nmiSource, 2)}
      </Chip>
    );
  const { probe, commonest } = evidence;
  return (
    <Chip
      title={`Normalised mutual information of strongest code and source on ${plural(evidence.prompts, 'prompt')} trained on, beside the same of untrained codes${
        probe === null
          ? ''
          : `. A linear rule names the source of ${formatShare(probe, 0)} from the same states; always naming the commonest, ${formatShare(commonest, 0)}`
      }. It measures topics, not preferences`}
    >
      {agreementWords(evidence)}
    </Chip>
  );
}
