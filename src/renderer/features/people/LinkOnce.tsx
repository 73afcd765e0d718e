import { Button, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { MemberLink } from '#shared/peopleEntities.ts';
import css from './people.module.css';

/** Where `facet serve` is told to listen, for links made in the window. */
const WINDOW_PORT = 8420;

interface Props {
  readonly link: MemberLink;
  readonly onDone: () => void;
}

/** A link, this once: only a hash of it is kept. */
export function LinkOnce({ link: { member, token }, onDone }: Props) {
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState(false);
  const inWindow = window.facet?.host === 'window';
  const origin = inWindow ? `http://127.0.0.1:${WINDOW_PORT}` : window.location.origin;
  const url = `${origin}/#token=${token}`;
  useEffect(() => field.current?.select(), []);
  return (
    <div className={css.once} role="status">
      <span>
        <b>The link of {member.name}</b>. It is shown this once: copy it and hand it over now.
        {inWindow && ` It opens while facet serve --port ${WINDOW_PORT} serves this project.`}
      </span>
      <div className="row">
        <TextInput
          ref={field}
          className="grow"
          aria-label={`Link of ${member.name}`}
          readOnly
          value={url}
          onFocus={(event) => event.currentTarget.select()}
        />
        <Button
          variant="filled"
          onClick={() => {
            // Where a page may not copy, the field is selected for Ctrl+C.
            navigator.clipboard.writeText(url).then(
              () => setCopied(true),
              () => field.current?.select(),
            );
          }}
        >
          {copied ? 'Copied' : 'Copy'}
        </Button>
        <Button onClick={onDone}>Done</Button>
      </div>
    </div>
  );
}
