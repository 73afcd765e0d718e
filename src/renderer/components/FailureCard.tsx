import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Failure } from '#core/result.ts';
import { failureOf } from '../api/failureOf.ts';
import css from './components.module.css';
import { failurePlace } from './failurePlace.ts';

interface Props {
  readonly failure: Failure;
  readonly onRetry?: (() => void) | undefined;
  readonly retryLabel?: string;
  /** What can be done beside trying again. */
  readonly actions?: ReactNode;
}

/** The one way a failure is shown: what is wrong, where, and what to do. */
export function FailureCard({ failure, onRetry, retryLabel = 'Try again', actions }: Props) {
  const place = failurePlace(failure);
  return (
    <div className={css.failure} role="alert">
      <IconAlertTriangle size={18} aria-hidden="true" />
      <div className="grow">
        <p>
          <b>{failure.message}</b>
        </p>
        {place !== null && <p className="small muted mono">{place}</p>}
        {failure.fix !== undefined && <p>{failure.fix}</p>}
        <p className="small faint mono">{failure.code}</p>
        {actions}
      </div>
      {onRetry !== undefined && <Button onClick={onRetry}>{retryLabel}</Button>}
    </div>
  );
}

/** `FailureCard` for the error of a query or a mutation; nothing where there is none. */
export function ErrorCard({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  if (error === null || error === undefined) return null;
  return <FailureCard failure={failureOf(error)} onRetry={onRetry} />;
}
