import { Select, TextInput } from '@mantine/core';
import { SWEPT_FIELDS } from '#shared/sweep.ts';
import { plural } from '../../../format.ts';
import css from '../sweep/sweep.module.css';
import type { CheckedSweep, SweepDraft } from '../sweep/sweepDraft.ts';
import { ADVANCED_GROUPS } from './advancedFields.ts';
import type { Draft } from './draft.ts';
import { BASIC_FIELDS, type Field, shownFields } from './fields.ts';
import form from './form.module.css';

interface Props {
  readonly draft: Draft;
  /** Null while a single run is meant. */
  readonly sweep: SweepDraft | null;
  /** Null while the other settings need mending. */
  readonly checked: CheckedSweep | null;
  readonly onToggle: () => void;
  readonly onSweep: (sweep: SweepDraft) => void;
}

const choices = (fields: readonly Field[], draft: Draft) =>
  shownFields(fields, draft)
    .filter(({ name }) => SWEPT_FIELDS.includes(name))
    .map(({ name, label }) => ({ value: name, label: `${label} · ${name}` }));

/** One run for each value of one or two settings and each seed. */
export function SweepFields({ draft, sweep, checked, onToggle, onSweep }: Props) {
  const groups = [{ name: 'Settings', fields: BASIC_FIELDS }, ...ADVANCED_GROUPS]
    .map(({ name, fields }) => ({ group: name, items: choices(fields, draft) }))
    .filter(({ items }) => items.length > 0);
  const axis = (which: 'first' | 'second', name: string, optional: boolean) => {
    const { field, text } = sweep?.[which] ?? { field: '', text: '' };
    const problem = checked?.failure?.where?.field === field && field !== '' ? checked.failure : null;
    const change = (part: Partial<SweepDraft['first']>) =>
      sweep && onSweep({ ...sweep, [which]: { ...sweep[which], ...part } });
    return (
      <>
        <Select
          label={name}
          searchable
          clearable={optional}
          allowDeselect={optional}
          placeholder={optional ? 'none' : ''}
          value={field || null}
          data={groups}
          onChange={(chosen) => change({ field: chosen ?? '' })}
        />
        <TextInput
          label={`Values of the ${name.toLowerCase()}`}
          placeholder="0.0001, 0.001 or 0.0001..0.01:5:log"
          autoComplete="off"
          spellCheck={false}
          disabled={field === ''}
          classNames={{ input: 'num' }}
          value={text}
          error={problem && text.trim() !== '' ? `${problem.message} ${problem.fix ?? ''}` : null}
          onChange={({ currentTarget }) => change({ text: currentTarget.value })}
        />
      </>
    );
  };
  const failure = checked?.failure ?? null;
  const isSaid =
    failure !== null && ![sweep?.first, sweep?.second].some((one) => one?.field === failure.where?.field);
  return (
    <>
      <button type="button" className={form.disclosure} aria-expanded={sweep !== null} onClick={onToggle}>
        {sweep === null ? '▸' : '▾'} Sweep over a setting
      </button>
      {sweep !== null && (
        <div className={css.fields}>
          {axis('first', 'First setting', false)}
          {axis('second', 'Second setting', true)}
          <TextInput
            label="Seeds"
            description="As 1,2,3 or 1..3: every setting is trained with each"
            autoComplete="off"
            classNames={{ input: 'num' }}
            value={sweep.seeds}
            error={failure?.where?.field === 'seed' ? `${failure.message} ${failure.fix ?? ''}` : null}
            onChange={({ currentTarget }) => onSweep({ ...sweep, seeds: currentTarget.value })}
          />
          <p className="small muted" role="status">
            {checked?.failure === null
              ? `${plural(checked.count, 'run')}, one after another in the queue.`
              : isSaid && failure.where?.field !== 'seed'
                ? `${failure.message} ${failure.fix ?? ''}`
                : 'Values with commas, or a range: from..to, the number of values, lin or log.'}
          </p>
        </div>
      )}
    </>
  );
}
