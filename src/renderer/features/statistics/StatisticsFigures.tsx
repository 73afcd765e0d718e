import type { ReactNode } from 'react';
import type { DataStatistics } from '#shared/dataEntities.ts';
import { ProgressLine } from '../../components/ProgressLine.tsx';
import { StatTile } from '../../components/StatTile.tsx';
import { formatCount, formatShare, plural } from '../../format.ts';
import { CountBars } from './CountBars.tsx';
import { DayTable } from './DayTable.tsx';
import { PeopleTable } from './PeopleTable.tsx';
import { ShareBar } from './ShareBar.tsx';
import css from './statistics.module.css';
import {
  agreementSentence,
  languageOrNone,
  lengthSentence,
  ratioName,
  sideSentence,
  VERDICT_NAMES,
} from './words.ts';

function Section({ title, note, children }: { title: string; note?: string; children: ReactNode }) {
  return (
    <section className={`card ${css.section}`} aria-label={title}>
      <h2>{title}</h2>
      {note !== undefined && <p className={css.note}>{note}</p>}
      {children}
    </section>
  );
}

export function StatisticsFigures({ figures }: { readonly figures: DataStatistics }) {
  const { pairs, prompts, progress, verdicts, longer, longerByRatio, left, languages } = figures;
  const { byPeople, byFiles, skipped, open } = progress;
  const done = pairs === 0 ? 0 : byPeople / pairs;
  const ratios = longerByRatio.map(({ upTo }) => upTo);
  return (
    <>
      <div className={css.tiles}>
        <StatTile label="Pairs" value={formatCount(pairs)} note={`on ${plural(prompts, 'prompt')}`} />
        <StatTile
          label="Decided by people"
          value={formatCount(byPeople)}
          note={<ProgressLine value={done} label="Decided by people" />}
        />
        <StatTile
          label="Labelled by files alone"
          value={formatCount(byFiles)}
          note="nobody has decided them here"
        />
        <StatTile label="Open" value={formatCount(open)} note={`and ${formatCount(skipped)} skipped`} />
      </div>
      <div className={css.grid}>
        <Section
          title="Verdicts"
          note="Of people, where somebody has decided a pair; else of files. Which reply is A says nothing."
        >
          <CountBars
            counts={verdicts}
            nameOf={(name) => VERDICT_NAMES[name] ?? name}
            none="No verdict yet."
          />
        </Section>
        <Section title="Agreement" note={agreementSentence(figures)}>
          {null}
        </Section>
        <Section title="Length and choice" note={lengthSentence(figures)}>
          <ShareBar name="The longer reply is preferred" share={longer} unit="preferences" />
          {longerByRatio.map((share, index) => (
            <ShareBar
              key={share.upTo ?? 'over'}
              name={ratioName(index, ratios)}
              share={share}
              unit="preferences"
            />
          ))}
        </Section>
        <Section title="Side and choice" note={sideSentence(figures)}>
          <ShareBar name="The left reply is preferred" share={left} unit="preferences" />
        </Section>
        <Section title="People">
          <PeopleTable people={figures.people} />
        </Section>
        <Section title="By day" note="Verdicts and skips, corrections included.">
          <DayTable days={figures.days} />
        </Section>
        <Section title="Sources">
          <CountBars counts={figures.sources} none="No pairs yet." />
        </Section>
        <Section title="Aspects">
          <CountBars counts={figures.aspects} none="No pair names an aspect." />
        </Section>
        <Section
          title="Languages of the prompts"
          note={
            languages.prompts < prompts
              ? `Of ${plural(languages.prompts, 'prompt')} spread over all ${formatCount(prompts)} (${formatShare(languages.prompts / prompts)}), by how they begin.`
              : 'By how the prompts begin.'
          }
        >
          <CountBars counts={languages.list} nameOf={languageOrNone} none="No prompts yet." />
        </Section>
      </div>
      <p className="small muted">
        Intervals are 95 % (Wilson’s score), each preference counted on its own. Lengths are in characters.
      </p>
    </>
  );
}
