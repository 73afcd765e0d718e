import { Textarea } from '@mantine/core';
import { useEffect, useRef } from 'react';
import css from './annotate.module.css';

interface Props {
  readonly label: string;
  readonly keyName: string | null;
  readonly placeholder: string;
  readonly value: string;
  /** Typing goes here. */
  readonly asked: boolean;
  readonly required: boolean;
  readonly onFocus: () => void;
  readonly onChange: (value: string) => void;
  /** Enter; with Shift it begins a line. */
  readonly onEnter: () => void;
  readonly onLeave: () => void;
}

/** A text that belongs to a verdict; it has the keyboard while it is asked for. */
export function SaidText({ label, keyName, placeholder, value, asked, required, ...on }: Props) {
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (asked) field.current?.focus();
    else if (document.activeElement === field.current) field.current?.blur();
  }, [asked]);
  return (
    <div className={css.said} data-asked={asked || undefined}>
      <span className={css.questionName} aria-hidden="true">
        {label}
        {required && <span className={css.required}>*</span>}
        {keyName !== null && <span className={css.questionKey}>{keyName}</span>}
      </span>
      <Textarea
        ref={field}
        size="xs"
        aria-label={label}
        aria-required={required}
        placeholder={placeholder}
        autosize
        minRows={1}
        maxRows={5}
        className="grow"
        value={value}
        onFocus={on.onFocus}
        onChange={(event) => on.onChange(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === 'Enter' && !event.shiftKey) on.onEnter();
          else if (event.key === 'Escape') on.onLeave();
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
    </div>
  );
}
