import { Button } from '@mantine/core';
import { IconDatabaseImport, IconSearchOff } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { PairRow } from '#shared/entities.ts';
import { api } from '../../api/client.ts';
import { DropZone } from '../../components/DropZone.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { Loading } from '../../components/Loading.tsx';
import { useScreenKeys } from '../../components/useScreenKeys.ts';
import { useScreenCommands } from '../../state/commands.ts';
import { useProject } from '../../state/project.ts';
import { navigate, useScreen } from '../../state/screen.ts';
import { filterParams } from '../annotate/deskPlace.ts';
import { DataExportDialog } from '../dataExport/DataExportDialog.tsx';
import { openDataExport } from '../dataExport/store.ts';
import { NewPairsDialog } from '../newPairs/NewPairsDialog.tsx';
import { openNewPairs } from '../newPairs/newPairsStore.ts';
import { TokenViewDialog } from '../tokens/TokenViewDialog.tsx';
import { FilterBar } from './FilterBar.tsx';
import { ImportDialog } from './ImportDialog.tsx';
import { openImport, previewFiles } from './importStore.ts';
import { LibraryBar } from './LibraryBar.tsx';
import css from './library.module.css';
import { clearFilter, showPair, useLibraryView, viewProject } from './libraryView.ts';
import { PairDetail } from './PairDetail.tsx';
import { PairTable } from './PairTable.tsx';
import { shownReplies } from './pairLook.ts';
import { useFilter } from './useFilter.ts';

export function LibraryScreen() {
  const grid = useRef<HTMLTableElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const { params } = useScreen();
  const project = useProject();
  const blind = project?.settings.blind ?? true;
  const path = project?.path;
  useEffect(() => {
    if (path !== undefined) viewProject(path);
  }, [path]);
  const filter = useFilter(params.text);
  const open = useLibraryView((view) => view.open);
  const annotate = (row: PairRow) => navigate('annotate', { pair: String(row.id), ...filterParams(filter) });
  const close = () => showPair(null);
  const [tokensOf, setTokensOf] = useState<PairRow | null>(null);
  const count = useQuery(
    api.library.count.queryOptions({ input: filter, placeholderData: keepPreviousData }),
  );
  const counts = useQuery(
    api.library.statusCounts.queryOptions({
      input: { text: filter.text, sourceId: filter.sourceId },
      placeholderData: keepPreviousData,
    }),
  );
  useEffect(() => {
    if (params.import === 'open') openImport();
  }, [params.import]);
  useScreenKeys({
    i: openImport,
    e: openDataExport,
    m: openNewPairs,
    t: () => setTokensOf(open),
    '/': () => search.current?.focus(),
    escape: close,
  });
  useScreenCommands(
    useMemo(
      () => [
        { id: 'import', label: 'Import pairs', keyName: 'I', run: openImport },
        { id: 'export', label: 'Export pairs and labels', keyName: 'E', run: openDataExport },
        { id: 'new-pairs', label: 'New pairs from a model', keyName: 'M', run: openNewPairs },
      ],
      [],
    ),
  );
  const unfiltered = filter.text === '' && filter.sourceId === null && filter.status === 'all';
  return (
    <div className={css.screen}>
      <LibraryBar searchRef={search} onLeave={() => grid.current?.focus()} />
      <FilterBar blind={blind} counts={counts.data} />
      <div className={css.body}>
        {count.error !== null ? (
          <div style={{ padding: 'var(--s5)' }}>
            <ErrorCard error={count.error} onRetry={() => void count.refetch()} />
          </div>
        ) : count.data === undefined ? (
          <Loading label="Reading pairs…" />
        ) : count.data.total > 0 ? (
          <PairTable
            filter={filter}
            total={count.data.total}
            gridRef={grid}
            blind={blind}
            onOpen={showPair}
            onAnnotate={annotate}
          />
        ) : unfiltered ? (
          <NoPairs />
        ) : (
          <NothingFound onClear={clearFilter} />
        )}
        {open !== null && (
          <PairDetail
            row={open}
            replies={shownReplies(open, blind)}
            onClose={close}
            onAnnotate={annotate}
            onTokens={setTokensOf}
          />
        )}
      </div>
      <ImportDialog />
      <DataExportDialog />
      <NewPairsDialog />
      <TokenViewDialog
        pairId={tokensOf?.id ?? null}
        replies={tokensOf === null ? [] : shownReplies(tokensOf, blind)}
        onClose={() => setTokensOf(null)}
      />
      <DropZone label="Drop files of pairs to import them" onFiles={(files) => void previewFiles(files)} />
    </div>
  );
}

function NoPairs() {
  return (
    <div className="grow">
      <EmptyState
        icon={<IconDatabaseImport />}
        title="No pairs yet"
        actions={
          <Button variant="filled" onClick={openImport}>
            Import a file
          </Button>
        }
      >
        Import JSON or JSON Lines, plain or gzipped: prompt, chosen and rejected; HH-RLHF dialogues; ShareGPT
        conversations. Or drop a file here.
      </EmptyState>
    </div>
  );
}

function NothingFound({ onClear }: { readonly onClear: () => void }) {
  return (
    <div className="grow">
      <EmptyState
        icon={<IconSearchOff />}
        title="No pair matches"
        actions={<Button onClick={onClear}>Show all pairs</Button>}
      >
        Try fewer words, another source or another status.
      </EmptyState>
    </div>
  );
}
