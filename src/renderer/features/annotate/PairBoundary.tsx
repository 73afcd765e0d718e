import type { ReactNode } from 'react';
import { failureOf } from '../../api/failureOf.ts';
import { Boundary } from '../../components/Boundary.tsx';
import { FailureCard } from '../../components/FailureCard.tsx';
import { SaveCrashReport } from '../../components/SaveCrashReport.tsx';

interface Props {
  readonly pairId: number;
  readonly children: ReactNode;
}

/** One pair that can't be drawn never ends the labelling of the others. */
export function PairBoundary({ pairId, children }: Props) {
  return (
    <Boundary
      of={pairId}
      fallback={(error, retry) => (
        <FailureCard
          failure={{
            code: 'annotate.pair-broken',
            message: `Pair ${pairId} could not be shown: ${failureOf(error).message}`,
            fix: 'S skips it; other pairs are not affected. M may show it as stored text.',
          }}
          retryLabel="Show again"
          onRetry={retry}
          actions={<SaveCrashReport where="a pair of the screen Annotate" error={error} />}
        />
      )}
    >
      {children}
    </Boundary>
  );
}
