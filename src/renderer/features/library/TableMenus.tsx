/** Behind the table's three buttons: conditions, columns and saved views. */
import { Checkbox, CloseButton, Popover, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { api, client } from '../../api/client.ts';
import { failureOf } from '../../api/failureOf.ts';
import { queryClient } from '../../api/queryClient.ts';
import { KeyButton } from '../../components/KeyButton.tsx';
import { notifyFailure } from '../../components/notify.tsx';
import { Popup } from '../../components/Popup.tsx';
import { allColumns, USUAL } from './columns.tsx';
import { FilterPanel } from './FilterPanel.tsx';
import css from './library.module.css';
import { currentView, setColumns, setFilter, takeView, useLibraryView } from './libraryView.ts';

export type MenuName = 'filter' | 'columns' | 'views';
interface Props {
  readonly open: MenuName | null;
  readonly onOpen: (menu: MenuName | null) => void;
  readonly blind: boolean;
}

export function TableMenus({ open, onOpen, blind }: Props) {
  const menu = (name: MenuName, label: string, keyName: string, body: ReactNode) => (
    <Popup key={name} opened={open === name} onClose={() => onOpen(null)} position="bottom-end" returnFocus>
      <Popover.Target>
        <KeyButton size="xs" keyName={keyName} onClick={() => onOpen(open === name ? null : name)}>
          {label}
        </KeyButton>
      </Popover.Target>
      <Popover.Dropdown aria-label={label}>{body}</Popover.Dropdown>
    </Popup>
  );
  return (
    <>
      {menu('filter', 'Filter', 'F', <FilterPanel onClear={() => setFilter({ where: {} })} />)}
      {menu('columns', 'Columns', 'C', <ColumnList blind={blind} />)}
      {menu('views', 'Views', 'V', <ViewList onDone={() => onOpen(null)} />)}
    </>
  );
}

function ColumnList({ blind }: { readonly blind: boolean }) {
  const chosen = useLibraryView((view) => view.columns) ?? USUAL;
  const choices = useQuery(api.library.choices.queryOptions());
  const all = allColumns(choices.data?.fields ?? [], blind);
  const toggle = (id: (typeof chosen)[number], on: boolean) =>
    setColumns(
      on
        ? all.map((column) => column.id).filter((one) => one === id || chosen.includes(one))
        : chosen.filter((one) => one !== id),
    );
  return (
    <div className={css.filters}>
      {all.map(({ id, label }, index) => (
        <Checkbox
          key={id}
          size="xs"
          label={label}
          checked={chosen.includes(id)}
          disabled={chosen.length === 1 && chosen.includes(id)}
          data-autofocus={index === 0 || undefined}
          onChange={(event) => toggle(id, event.currentTarget.checked)}
        />
      ))}
      <KeyButton size="xs" onClick={() => setColumns(null)}>
        The usual columns
      </KeyButton>
    </div>
  );
}

const refresh = () => queryClient.invalidateQueries({ queryKey: api.library.views.queryKey() });
async function change(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    notifyFailure(failureOf(error));
  }
  await refresh();
}

function ViewList({ onDone }: { readonly onDone: () => void }) {
  const views = useQuery(api.library.views.queryOptions());
  const [name, setName] = useState('');
  const save = () => {
    void change(client.library.saveView({ name, view: currentView() }));
    setName('');
  };
  return (
    <div className={css.filters}>
      {views.data?.length === 0 && <span className="small muted">No view is saved yet.</span>}
      {views.data?.map(({ id, name: saved, view }) => (
        <div key={id} className="row">
          <KeyButton
            size="xs"
            variant="subtle"
            className="grow"
            onClick={() => {
              takeView(view);
              onDone();
            }}
          >
            {saved}
          </KeyButton>
          <CloseButton
            size="sm"
            aria-label={`Remove the view ${saved}`}
            onClick={() => void change(client.library.removeView({ id }))}
          />
        </div>
      ))}
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '') save();
        }}
      >
        <TextInput
          size="xs"
          aria-label="Name of this view"
          placeholder="Name of this view"
          data-autofocus
          value={name}
          maxLength={60}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <KeyButton size="xs" type="submit">
          Save
        </KeyButton>
      </form>
    </div>
  );
}
