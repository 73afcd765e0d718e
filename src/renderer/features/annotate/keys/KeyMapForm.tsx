import { Button, FileButton } from '@mantine/core';
import { useState } from 'react';
import type { Failure } from '#core/result.ts';
import { FailureCard } from '../../../components/FailureCard.tsx';
import { notifyDone } from '../../../components/notify.tsx';
import { saveFile } from '../../../components/saveFile.ts';
import { useIsOwner } from '../../../state/me.ts';
import { ACTIONS, type AnnotateAction, actionOf } from '../actions.ts';
import { type Awaited, KeyRow } from './KeyRow.tsx';
import { keyMap, ownerOf, readKeys, whyKept, withKeys, withOwnKeys, writeKeys } from './keyMap.ts';
import { setChangedKeys, useChangedKeys } from './keyStore.ts';
import css from './keys.module.css';
import { capOf } from './keyWords.ts';

/** A key that another action has: whose it is to be is asked. */
interface Conflict extends Awaited {
  readonly key: string;
  readonly owner: AnnotateAction;
}

/** The keys of the desk, changed one by one; kept on this machine as they are changed. */
export function KeyMapForm() {
  const { changed, failure: unreadable } = useChangedKeys();
  const isOwner = useIsOwner();
  const keys = keyMap(changed);
  const [awaited, setAwaited] = useState<Awaited | null>(null);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);

  const wait = (next: Awaited | null) => {
    setAwaited(next);
    if (next !== null) {
      setConflict(null);
      setRefusal(null);
    }
  };
  const give = ({ action, instead }: Awaited, key: string) => {
    const own = keys[action];
    const given = instead === null ? [...own, key] : own.map((one) => (one === instead ? key : one));
    setChangedKeys(withKeys(changed, action, given));
    setAwaited(null);
    setConflict(null);
  };
  const press = (key: string | null) => {
    if (awaited === null) return;
    const kept = key === null ? 'That key writes no sign of its own; press another.' : whyKept(key);
    if (key === null || kept !== null) return setRefusal(kept);
    const owner = ownerOf(keys, awaited.action, key);
    if (owner === undefined || owner === awaited.action) return give(awaited, key);
    setConflict({ ...awaited, key, owner });
    setAwaited(null);
  };
  const remove = (action: AnnotateAction, key: string) => {
    setChangedKeys(
      withKeys(
        changed,
        action,
        keys[action].filter((one) => one !== key),
      ),
    );
    setAwaited(null);
  };
  const open = async (file: File | null) => {
    if (file === null) return;
    const read = readKeys(await file.text(), file.name);
    setFailure(read.ok ? null : read.failure);
    if (!read.ok) return;
    setChangedKeys(read.value);
    notifyDone(`The keys of ${file.name} hold now.`);
  };

  const shown = ACTIONS.filter((action) => isOwner || !actionOf(action).ownerOnly);
  const groups = Map.groupBy(shown, (action) => actionOf(action).group);
  return (
    <div className="stack">
      <p className="small muted" style={{ margin: 0 }}>
        Press a key here, then the one to take its place. Digits answer what a verdict is asked, and are the
        steps of a scale, before they are keys. Kept on this machine.
      </p>
      {unreadable !== null && <FailureCard failure={unreadable} />}
      {failure !== null && <FailureCard failure={failure} />}
      <div className={css.groups}>
        {[...groups].map(([group, actions]) => (
          <section key={group} className={css.group} aria-label={group}>
            <h3 className="label">{group}</h3>
            {actions.map((action) => (
              <div key={action}>
                <KeyRow
                  action={action}
                  keys={keys[action]}
                  isChanged={changed[action] !== undefined}
                  awaited={awaited?.action === action ? awaited : null}
                  onAwait={wait}
                  onPress={press}
                  onRemove={(key) => remove(action, key)}
                  onReset={() => setChangedKeys(withOwnKeys(changed, action))}
                />
                {refusal !== null && awaited?.action === action && (
                  <p className="small" role="alert" style={{ margin: 0 }}>
                    {refusal}
                  </p>
                )}
                {conflict?.action === action && (
                  <div className="row" role="alert" style={{ flexWrap: 'wrap' }}>
                    <span className="small">
                      {capOf(conflict.key)} is the key of “{actionOf(conflict.owner).label}”.
                    </span>
                    <Button size="compact-xs" autoFocus onClick={() => give(conflict, conflict.key)}>
                      Give it to “{actionOf(action).label}”
                    </Button>
                    <Button size="compact-xs" variant="subtle" onClick={() => setConflict(null)}>
                      Leave it
                    </Button>
                  </div>
                )}
              </div>
            ))}
          </section>
        ))}
      </div>
      <div className="row" style={{ flexWrap: 'wrap' }}>
        <Button
          onClick={() =>
            saveFile('facet-keys.json', new Blob([writeKeys(changed)], { type: 'application/json' }))
          }
        >
          Save as file
        </Button>
        <FileButton accept=".json,application/json" onChange={(file) => void open(file)}>
          {(props) => <Button {...props}>Take from a file…</Button>}
        </FileButton>
        <span className="grow" />
        <Button
          variant="subtle"
          disabled={Object.keys(changed).length === 0 && unreadable === null}
          onClick={() => setChangedKeys({})}
        >
          The usual keys for all
        </Button>
      </div>
    </div>
  );
}
