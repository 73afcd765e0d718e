import { Button } from '@mantine/core';
import { useEffect } from 'react';
import { currentLink, useConnection } from '../api/connection.ts';
import { FailureCard } from '../components/FailureCard.tsx';
import { Loading } from '../components/Loading.tsx';
import { useMe } from '../state/me.ts';
import { ConnectionNotice } from './ConnectionNotice.tsx';
import { Logo } from './Logo.tsx';
import css from './shell.module.css';

/** Before main has said who this page is, and where it is not let in. */
export function Outside() {
  const refused = useMe((state) => state.refused);
  const phase = useConnection(({ state }) => state.phase);
  useEffect(() => {
    document.title = 'Facet';
    // Says who this page is before anything else is asked.
    void currentLink();
  }, []);
  return (
    <div className={css.labelApp}>
      <header className={css.header}>
        <Logo />
        <div className={css.crumb}>
          <b>Facet</b>
        </div>
      </header>
      <main className={css.main} aria-label="Facet">
        <ConnectionNotice />
        {refused !== null ? (
          <div className="stack" style={{ padding: 'var(--s5)', maxWidth: '40rem' }}>
            <FailureCard failure={refused} />
            <div>
              <Button onClick={() => window.location.reload()}>Try again</Button>
            </div>
          </div>
        ) : (
          <>
            {phase !== 'lost' && <Loading label="Connecting to Facet…" />}
            {phase === 'lost' && (
              <p className="muted" style={{ padding: '0 var(--s5)', maxWidth: '40rem' }}>
                If you came by a personal link: it may have been ended, or its project may not be open. Ask
                whoever runs the project.
              </p>
            )}
          </>
        )}
      </main>
    </div>
  );
}
