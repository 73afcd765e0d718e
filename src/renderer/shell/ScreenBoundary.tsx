import type { ReactNode } from 'react';
import { failureOf } from '../api/failureOf.ts';
import { Boundary } from '../components/Boundary.tsx';
import { FailureCard } from '../components/FailureCard.tsx';
import { SaveCrashReport } from '../components/SaveCrashReport.tsx';

interface Props {
  readonly name: string;
  readonly children: ReactNode;
}

/** Keeps one screen's defect from blanking the page: says what broke and offers to draw it again. */
export function ScreenBoundary({ name, children }: Props) {
  return (
    <Boundary
      of={name}
      fallback={(error, retry) => (
        <div style={{ padding: 'var(--s5)' }}>
          <FailureCard
            failure={{
              code: 'screen.broken',
              message: `${name} could not be shown: ${failureOf(error).message}`,
              fix: 'What was saved is safe. Show it again, or restart Facet if this keeps happening.',
            }}
            retryLabel="Show again"
            onRetry={retry}
            actions={<SaveCrashReport where={`the screen ${name}`} error={error} />}
          />
        </div>
      )}
    >
      {children}
    </Boundary>
  );
}
