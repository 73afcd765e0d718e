import { Button, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type KeyboardEvent, useEffect, useState } from 'react';
import { api } from '../../api/client.ts';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { Keycap } from '../../components/Keycap.tsx';
import { formatCount, plural } from '../../format.ts';
import { CodeWeights } from './CodeWeights.tsx';
import css from './codes.module.css';
import { Growth } from './Growth.tsx';
import { NearestPrompts } from './NearestPrompts.tsx';
import type { CodesOf } from './useHeatMap.ts';

interface Props {
  readonly of: CodesOf;
  readonly runName: string;
  readonly onCode: (code: number) => void;
  readonly onPrompt: (promptId: number) => void;
}

/** p(z|x) of a prompt typed here, by the run's checkpoint. */
export function TryPrompt({ of, runName, onCode, onPrompt }: Props) {
  const [text, setText] = useState('');
  const [asked, setAsked] = useState<{ text: string; at: number; tookMs: number | null } | null>(null);
  const probe = useMutation(
    api.codes.probe.mutationOptions({
      onSuccess: () => setAsked((before) => before && { ...before, tookMs: performance.now() - before.at }),
    }),
  );
  const run = () => {
    const typed = text.trim();
    if (typed === '' || probe.isPending) return;
    setAsked({ text: typed, at: performance.now(), tookMs: null });
    probe.mutate({ ...of, text: typed });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    run();
  };
  return (
    <section className={css.try} aria-label="Try a prompt">
      <Textarea
        label="Try a prompt"
        placeholder="My order is late and it's a birthday gift"
        autosize
        minRows={2}
        maxRows={6}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <div className="row">
        <Button
          rightSection={<Keycap>Ctrl ⏎</Keycap>}
          aria-keyshortcuts="Control+Enter"
          onClick={run}
          disabled={text.trim() === '' || probe.isPending}
        >
          Show its codes
        </Button>
        {probe.isPending && asked && <Elapsed since={asked.at} />}
      </div>
      <ErrorCard error={probe.error} />
      {probe.data && asked?.tookMs != null && (
        <div aria-live="polite" className="stack">
          <span className="small muted num">
            p(z|x) by {runName}, step {formatCount(of.step)}, {plural(probe.data.tokens, 'token')},{' '}
            {(asked.tookMs / 1000).toFixed(1)} s
            {asked.text !== text.trim() &&
              `, of “${asked.text.slice(0, 40)}${asked.text.length > 40 ? '…' : ''}”`}
          </span>
          {probe.data.tokensCut > 0 && (
            <span className="small" role="status">
              The first {plural(probe.data.tokensCut, 'token')} of it are cut off, as in training: the longest
              prompt is a setting of the run.
            </span>
          )}
          <CodeWeights weights={probe.data.weights} onCode={onCode} limit={8} />
          <Growth key={asked.text} of={of} text={asked.text} onCode={onCode} />
          <NearestPrompts probed={probe.data} onPrompt={onPrompt} />
        </div>
      )}
    </section>
  );
}

const QUIET_MS = 300;

/** Seconds waited so far; quick answers never show it. */
function Elapsed({ since }: { readonly since: number }) {
  const [now, setNow] = useState(since);
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 100);
    return () => clearInterval(timer);
  }, []);
  if (now - since < QUIET_MS) return null;
  return (
    <span className="small muted num" role="status">
      Reading the prompt… {((now - since) / 1000).toFixed(1)} s
    </span>
  );
}
