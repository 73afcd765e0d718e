import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { GuidelineVersion } from '#shared/guidelineEntities.ts';
import { api } from '../../api/client.ts';
import { formatMoment } from '../../format.ts';
import { ErrorCard } from '../FailureCard.tsx';
import css from './guidelines.module.css';

interface Props {
  readonly onCompare: (before: number, after: number) => void;
}

/** Every version of the guidelines, the newest first, each with what changed in it. */
export function GuidelineVersions({ onCompare }: Props) {
  const versions = useQuery(api.guidelines.versions.queryOptions());
  return (
    <>
      <ErrorCard error={versions.error} onRetry={() => void versions.refetch()} />
      <ol className={css.versions} reversed>
        {versions.data?.map((version) => (
          <VersionLine key={version.number} version={version} onCompare={onCompare} />
        ))}
      </ol>
    </>
  );
}

function VersionLine({ version, onCompare }: Props & { readonly version: GuidelineVersion }) {
  const { number, note, author, savedAt } = version;
  return (
    <li>
      <div className="small muted num">
        Version {number} · {formatMoment(savedAt)}
        {author !== null && ` · ${author}`}
      </div>
      {note !== '' && <div>{note}</div>}
      {number > 1 && (
        <Button
          size="compact-xs"
          variant="subtle"
          aria-label={`What changed in version ${number}`}
          onClick={() => onCompare(number - 1, number)}
        >
          What changed
        </Button>
      )}
    </li>
  );
}
