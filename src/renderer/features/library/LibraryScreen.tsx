import { Button } from '@mantine/core';
import { IconDatabaseImport, IconSearchOff } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { PairFilter, PairRow } from '#shared/entities.ts';
import { api } from '../../api/client.ts';
import { DropZone } from '../../components/DropZone.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorCard } from '../../components/FailureCard.tsx';
import type { KeyBindings } from '../../components/keys.ts';
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
import { actionsFor, BulkBar } from './BulkBar.tsx';
import { changePairs, closeNotice, undoChange, useNotice } from './changes.ts';
import { EVERYTHING, NOTHING } from './choice.ts';
import { FilterBar } from './FilterBar.tsx';
import { GoldDialog } from './GoldDialog.tsx';
import { ImportDialog } from './ImportDialog.tsx';
import { openImport, previewFiles } from './importStore.ts';
import { LibraryBar } from './LibraryBar.tsx';
import css from './library.module.css';
import { choose, clearFilter, showPair, useLibraryView, viewProject } from './libraryView.ts';
import { PairDetail } from './PairDetail.tsx';
import { PairTable } from './PairTable.tsx';
import { shownReplies } from './pairLook.ts';
import { focusHead } from './TableHead.tsx';
import type { MenuName } from './TableMenus.tsx';
import { TagDialog } from './TagDialog.tsx';
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
  const [menu, setMenu] = useState<MenuName | null>(null);
  const [tagging, setTagging] = useState(false);
  const [gilding, setGilding] = useState(false);
  const [tokensOf, setTokensOf] = useState<PairRow | null>(null);
  const count = useQuery(
    api.library.count.queryOptions({ input: filter, placeholderData: keepPreviousData }),
  );
  const counts = useQuery(
    api.library.statusCounts.queryOptions({
      input: inAnyStatus(filter),
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
    escape: () => {
      const { choice } = useLibraryView.getState();
      if (choice !== NOTHING) choose(NOTHING);
      else if (useNotice.getState().text !== null && open === null) closeNotice();
      else close();
    },
    s: () => focusHead(grid.current),
    f: () => setMenu('filter'),
    c: () => setMenu('columns'),
    v: () => setMenu('views'),
    g: () => setTagging(true),
    z: () => void undoChange(),
    ...keysOf(filter),
  });
  useScreenCommands(
    useMemo(
      () => [
        { id: 'import', label: 'Import pairs', keyName: 'I', run: openImport },
        { id: 'export', label: 'Export pairs and labels', keyName: 'E', run: openDataExport },
        { id: 'new-pairs', label: 'New pairs from a model', keyName: 'M', run: openNewPairs },
        {
          id: 'choose-all',
          label: 'Choose all pairs that match',
          keyName: 'Ctrl+A',
          run: () => choose(EVERYTHING),
        },
        { id: 'tag', label: 'Tag the chosen pairs', keyName: 'G', run: () => setTagging(true) },
        { id: 'gold', label: 'Make the chosen pairs gold pairs', run: () => setGilding(true) },
        ...actionsFor(filter).map(([label, keyName, action]) => ({
          id: action,
          label: `${label}: the chosen pairs`,
          keyName,
          run: () => void changePairs(filter, action),
        })),
        {
          id: 'undo-change',
          label: 'Undo the last change of pairs',
          keyName: 'Z',
          run: () => void undoChange(),
        },
        {
          id: 'filter',
          label: 'Filter by tag, verdict, code or field',
          keyName: 'F',
          run: () => setMenu('filter'),
        },
        { id: 'columns', label: 'Choose columns', keyName: 'C', run: () => setMenu('columns') },
        { id: 'views', label: 'Saved views', keyName: 'V', run: () => setMenu('views') },
      ],
      [filter],
    ),
  );
  const unfiltered =
    filter.text === '' && filter.sourceId === null && filter.status === 'all' && filter.where === undefined;
  return (
    <div className={css.screen}>
      <LibraryBar searchRef={search} onLeave={() => grid.current?.focus()} />
      <FilterBar blind={blind} counts={counts.data} menu={menu} onMenu={setMenu} />
      <div className={css.body}>
        <div className={css.tableArea}>
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
          <BulkBar
            filter={filter}
            total={count.data?.total ?? 0}
            onTag={() => setTagging(true)}
            onGold={() => setGilding(true)}
          />
        </div>
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
      <GoldDialog filter={filter} opened={gilding} onClose={() => setGilding(false)} />
      <TagDialog filter={filter} opened={tagging} onClose={() => setTagging(false)} />
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

const inAnyStatus = ({ status: _, ...filter }: PairFilter): Omit<PairFilter, 'status'> => filter;

/** Keys of what can be done to the chosen pairs. */
const keysOf = (filter: PairFilter): KeyBindings =>
  Object.fromEntries(
    actionsFor(filter).map(([, key, action]) => [
      key === 'Del' ? 'delete' : key.toLowerCase(),
      () => void changePairs(filter, action),
    ]),
  );
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
        Import preference data as it is: JSON, CSV, Parquet or Arrow, packed or not, in the shapes of TRL,
        HH-RLHF, UltraFeedback, ShareGPT, Argilla, Label Studio and others; two replies without a label too.
        Or drop a file or a folder here.
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
