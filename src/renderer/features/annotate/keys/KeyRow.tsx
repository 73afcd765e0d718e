import { ActionIcon, Button } from '@mantine/core';
import { IconArrowBackUp, IconPlus } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { type AnnotateAction, actionOf } from '../actions.ts';
import { MOST_KEYS } from './keyMap.ts';
import css from './keys.module.css';
import { capOf, pressedKey } from './keyWords.ts';

/** The key that the next one takes the place of; null where it is added. */
export interface Awaited {
  readonly action: AnnotateAction;
  readonly instead: string | null;
}

interface Props {
  readonly action: AnnotateAction;
  readonly keys: readonly string[];
  readonly isChanged: boolean;
  readonly awaited: Awaited | null;
  readonly onAwait: (awaited: Awaited | null) => void;
  /** Null where the key pressed can not be told from others. */
  readonly onPress: (key: string | null) => void;
  readonly onRemove: (key: string) => void;
  readonly onReset: () => void;
}

/** An action with its keys: each is a button that waits for another. */
export function KeyRow({ action, keys, isChanged, awaited, onAwait, ...on }: Props) {
  const { label } = actionOf(action);
  const row = useRef<HTMLDivElement>(null);
  const waits = awaited !== null;
  const waited = useRef(waits);
  useEffect(() => {
    // The keyboard stays in the row whose key was given.
    if (waited.current && !waits && document.activeElement === document.body)
      row.current?.querySelector('button')?.focus();
    waited.current = waits;
  }, [waits]);
  const field = waits && (
    <KeyField
      label={label}
      onPress={on.onPress}
      onLeave={() => onAwait(null)}
      {...(awaited.instead === null ? {} : { onRemove: () => on.onRemove(awaited.instead ?? '') })}
    />
  );
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset can not be a grid in every browser
    <div ref={row} className={css.row} role="group" aria-label={label}>
      <span>{label}</span>
      <span className={css.keys}>
        {keys.map((key) =>
          waits && awaited.instead === key ? (
            <span key={key}>{field}</span>
          ) : (
            <button
              key={key}
              type="button"
              className={css.key}
              aria-label={`${capOf(key)}, change`}
              onClick={() => onAwait({ action, instead: key })}
            >
              {capOf(key)}
            </button>
          ),
        )}
        {keys.length === 0 && !waits && <span className="small muted">no key</span>}
        {waits && awaited.instead === null && field}
        {keys.length < MOST_KEYS && !waits && (
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label="Add a key"
            title="Add a key"
            onClick={() => onAwait({ action, instead: null })}
          >
            <IconPlus size={14} />
          </ActionIcon>
        )}
        {isChanged && !waits && (
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={`Back to ${actionOf(action).keys.map(capOf).join(', ')}`}
            title={`Back to ${actionOf(action).keys.map(capOf).join(', ')}`}
            onClick={on.onReset}
          >
            <IconArrowBackUp size={14} />
          </ActionIcon>
        )}
      </span>
    </div>
  );
}

interface FieldProps {
  readonly label: string;
  readonly onPress: (key: string | null) => void;
  readonly onLeave: () => void;
  readonly onRemove?: () => void;
}

/** Has the keyboard until a key is pressed. A field of text, so that no key of the shell counts meanwhile. */
function KeyField({ label, onPress, onLeave, onRemove }: FieldProps) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <span className={css.keys}>
      <input
        className={css.field}
        readOnly
        ref={field}
        value="Press a key"
        aria-label={`Press the key for ${label}; Escape leaves it`}
        data-mantine-stop-propagation="true"
        onBlur={onLeave}
        onKeyDown={(event) => {
          const { nativeEvent: native } = event;
          if (native.ctrlKey || native.altKey || native.metaKey || native.key === 'Tab') return;
          event.preventDefault();
          event.stopPropagation();
          if (native.key === 'Escape') return onLeave();
          const key = pressedKey(native);
          if (key !== null || ['Dead', 'Process', 'Unidentified'].includes(native.key)) onPress(key);
        }}
      />
      {onRemove !== undefined && (
        <Button
          size="compact-xs"
          variant="subtle"
          onMouseDown={(event) => event.preventDefault()}
          onClick={onRemove}
        >
          Remove
        </Button>
      )}
    </span>
  );
}
