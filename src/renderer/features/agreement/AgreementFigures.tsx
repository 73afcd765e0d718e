import type { ReactNode } from 'react';
import type { AgreementReport } from '#shared/agreementEntities.ts';
import { formatCount } from '../../format.ts';
import { ShareBar } from '../statistics/ShareBar.tsx';
import css from '../statistics/statistics.module.css';
import { AgreementTable } from './AgreementTable.tsx';
import { CodeTable } from './CodeTable.tsx';
import { againSentence, biasSentence, consensusSentence, overallSentence } from './words.ts';

function Section({ title, note, children }: { title: string; note?: string; children: ReactNode }) {
  return (
    <section className={`card ${css.section}`} style={{ marginBottom: 0 }} aria-label={title}>
      <h2>{title}</h2>
      {note !== undefined && <p className={css.note}>{note}</p>}
      {children}
    </section>
  );
}

export function AgreementFigures({ report }: { readonly report: AgreementReport }) {
  const { overall, asked, aspects, sources, couples, again, codes, consensus, people, resamples } = report;
  return (
    <>
      <Section title="Overall" note={overallSentence(report)}>
        <AgreementTable
          head="Ratings"
          rows={overall.items === 0 ? [] : [overall]}
          none="Nothing to compare yet."
        />
      </Section>
      <Section title="Two by two">
        <AgreementTable head="People" rows={couples} none="No two people have labelled the same pair." />
      </Section>
      {again.length > 0 && (
        <Section title="With themselves" note={againSentence(report)}>
          <AgreementTable head="Person" rows={again} none="" />
        </Section>
      )}
      {asked.length > 0 && (
        <Section title="Aspects of a verdict" note="What the project asks beside which reply is better.">
          <AgreementTable head="Aspect" rows={asked} none="" />
        </Section>
      )}
      <Section title="By source">
        <AgreementTable head="Source" rows={sources} none="Nothing to compare yet." />
      </Section>
      {aspects.length > 0 && (
        <Section title="By the pair’s aspect">
          <AgreementTable head="Aspect" rows={aspects} none="" />
        </Section>
      )}
      {codes !== null && (
        <>
          <Section title="By code" note="The strongest code of a pair’s prompt in the chosen run.">
            <AgreementTable head="Code" rows={codes} none="No pair with a code has labels of two people." />
          </Section>
          <Section
            title="People by code"
            note="Pairs decided, and how often the preference is that of most of the others."
          >
            <CodeTable people={people} />
          </Section>
        </>
      )}
      {consensus.items > 0 && (
        <Section title="Consensus" note={consensusSentence(report)}>
          {people
            .filter(({ reliability }) => reliability.of > 0)
            .map(({ name, kind, reliability }) => (
              <ShareBar
                key={`${kind} ${name}`}
                name={name}
                share={reliability}
                unit="labels that others gave one beside"
              />
            ))}
        </Section>
      )}
      <Section title="How each person leans">
        {people.length === 0 && <p className="muted">Nobody has labelled here yet.</p>}
        {people.map((person) => (
          <div key={`${person.kind} ${person.name}`} style={{ marginBottom: 'var(--s3)' }}>
            <p style={{ margin: '0 0 var(--s1)' }}>
              {biasSentence(person)} <span className="muted">{formatCount(person.decided)} decided.</span>
            </p>
            <ShareBar name="Left" share={person.left} unit="preferences whose sides are known" />
            <ShareBar name="Longer" share={person.longer} unit="preferences between unequal lengths" />
            <ShareBar name="Like the others" share={person.likeOthers} unit="preferences others have" />
          </div>
        ))}
      </Section>
      <p className="small muted">
        {`Coefficients: 95 % percentile intervals over pairs, ${formatCount(resamples)} resamples. Shares: 95 % by Wilson’s score. A skip is no label; a tie and both bad are two. Lengths are in characters.`}
      </p>
    </>
  );
}
