import { Button, NumberInput, Switch } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { GoldRules } from '#core/gold.ts';
import type { GoldAccuracy } from '#shared/goldEntities.ts';
import { api } from '../../api/client.ts';
import { queryClient } from '../../api/queryClient.ts';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { formatShare, plural } from '../../format.ts';
import { forgetItems } from '../annotate/annotationStore.ts';
import css from './people.module.css';

interface Props {
  readonly rules: GoldRules;
  readonly onChange: (changes: Partial<GoldRules>) => void;
}

const shareWords = ({ share, low, high, right, answered }: GoldAccuracy): string =>
  share === null
    ? '–'
    : `${right} of ${answered}: ${formatShare(share, 0)} (${formatShare(low, 0)} to ${formatShare(high, 0)})`;

const countWords = (hidden: number, shown: number): string =>
  [
    ...(hidden > 0 ? [`${plural(hidden, 'pair')} hidden among the others`] : []),
    ...(shown > 0 ? [`${plural(shown, 'pair')} with the answer told after the verdict`] : []),
  ].join(', ');

/** Pairs whose answer is known: how often they come, and how people do on them. Each choice holds at once. */
export function GoldForm({ rules: { rate, warnBelow, counts }, onChange }: Props) {
  const state = useQuery(api.gold.state.queryOptions());
  const unmark = useMutation(
    api.gold.unmark.mutationOptions({
      onSuccess: () => {
        forgetItems();
        return queryClient.invalidateQueries({ queryKey: api.gold.key() });
      },
    }),
  );
  const { hidden = 0, shown = 0, people = [] } = state.data ?? {};
  const below = people.filter(({ isBelow }) => isBelow).map(({ name }) => name);
  return (
    <fieldset className={css.sharing}>
      <legend>Gold pairs</legend>
      <p className="small muted" style={{ margin: 0 }}>
        {hidden + shown === 0
          ? 'Pairs whose answer is known show how people do. Decide some, choose them in the Library, then “Gold”.'
          : `${countWords(hidden, shown)}. They come to everybody, whatever the sharing; people with a link get all pairs in a random order, so that none stands out.`}
      </p>
      <ErrorCard error={state.error ?? unmark.error} />
      <div className="row" style={{ flexWrap: 'wrap' }}>
        <NumberInput
          size="xs"
          w="9rem"
          label="How often"
          suffix=" %"
          min={0}
          max={50}
          decimalScale={1}
          value={Math.round(rate * 1000) / 10}
          onChange={(value) => {
            if (typeof value === 'number' && value >= 0 && value <= 50) onChange({ rate: value / 100 });
          }}
        />
        <NumberInput
          size="xs"
          w="9rem"
          label="Warn below"
          placeholder="never"
          suffix=" %"
          min={0}
          max={100}
          decimalScale={1}
          value={warnBelow === null ? '' : Math.round(warnBelow * 1000) / 10}
          onChange={(value) => {
            if (value === '') onChange({ warnBelow: null });
            else if (typeof value === 'number' && value >= 0 && value <= 100)
              onChange({ warnBelow: value / 100 });
          }}
        />
      </div>
      <Switch
        size="xs"
        label="Verdicts on gold pairs count in training and in exports"
        checked={counts}
        onChange={(event) => onChange({ counts: event.currentTarget.checked })}
      />
      {below.length > 0 && (
        <p role="status" className={css.below}>
          {`${below.join(', ')}: fewer than ${formatShare(warnBelow ?? 0, 0)} of the hidden gold pairs right.`}
        </p>
      )}
      {people.length > 0 && (
        <div className={css.goldTable}>
          <table>
            <caption className="small muted">
              First answers, with 95 % intervals. One that was changed later stays as it was.
            </caption>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Hidden</th>
                <th scope="col">Told</th>
              </tr>
            </thead>
            <tbody>
              {people.map((person) => (
                <tr key={person.annotatorId}>
                  <th scope="row">{person.name}</th>
                  <td className="num">{shareWords(person.hidden)}</td>
                  <td className="num">{shareWords(person.shown)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {hidden + shown > 0 && (
        <Button size="xs" loading={unmark.isPending} onClick={() => unmark.mutate({ selection: null })}>
          No gold pairs any more
        </Button>
      )}
    </fieldset>
  );
}
