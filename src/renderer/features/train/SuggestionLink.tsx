import { Button } from '@mantine/core';
import type { Suggestion } from '#core/result.ts';
import type { Run } from '#shared/entities.ts';
import { navigate } from '../../state/screen.ts';

interface Props {
  readonly run: Run;
  readonly suggestion: Suggestion | undefined;
}

/** Where another value of a setting would mend what went wrong: the same settings with it. */
export function SuggestionLink({ run, suggestion }: Props) {
  if (suggestion === undefined) return null;
  const { field, value, label } = suggestion;
  return (
    <Button
      style={{ alignSelf: 'start' }}
      onClick={() => navigate('train', { new: 'form', from: String(run.id), set: field, to: String(value) })}
    >
      New run with {label}
    </Button>
  );
}
