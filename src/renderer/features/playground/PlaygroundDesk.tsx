import { useMemo, useRef, useState } from 'react';
import type { Model, Run } from '#shared/entities.ts';
import { useScreenKeys } from '../../components/useScreenKeys.ts';
import { useScreenCommands } from '../../state/commands.ts';
import { usePane } from '../annotate/usePane.ts';
import { NewPairsDialog } from '../newPairs/NewPairsDialog.tsx';
import { openNewPairs } from '../newPairs/newPairsStore.ts';
import { AskBar } from './AskBar.tsx';
import { CodesPane } from './CodesPane.tsx';
import { stopGenerating } from './generate.ts';
import { Lanes } from './Lanes.tsx';
import { PlaygroundBar } from './PlaygroundBar.tsx';
import css from './playground.module.css';
import { nextTokenColours, usePlayground } from './playgroundStore.ts';
import type { Policy } from './policies.ts';
import { SamplingPane } from './SamplingPane.tsx';
import { TokensPane } from './TokensPane.tsx';
import { Turns } from './Turns.tsx';
import { usePlaygroundActions } from './usePlaygroundActions.ts';

interface Props {
  readonly policy: Policy;
  readonly models: readonly Model[];
  readonly runs: readonly Run[];
}

/** Bar, conversation, lanes, the message box, and the settings at the right. */
export function PlaygroundDesk({ policy, models, runs }: Props) {
  const actions = usePlaygroundActions(policy, models, runs);
  const busy = usePlayground((state) => state.busy);
  const [diffOn, setDiffOn] = useState(false);
  const [paneOpen, togglePane] = usePane();
  const box = useRef<HTMLTextAreaElement>(null);
  const toggleDiff = () => setDiffOn((on) => !on);
  useScreenKeys({
    '/': () => box.current?.focus(),
    r: actions.regenerate,
    n: actions.newSeed,
    w: actions.sweep,
    'shift+w': () => actions.sweepWeight(),
    k: actions.keep,
    d: toggleDiff,
    t: nextTokenColours,
    h: togglePane,
    escape: busy ? stopGenerating : undefined,
  });
  const latest = useRef({ actions, toggleDiff, togglePane });
  latest.current = { actions, toggleDiff, togglePane };
  useScreenCommands(
    useMemo(
      () => [
        { id: 'play-ask', label: 'Write a message', keyName: '/', run: () => box.current?.focus() },
        { id: 'new-pairs', label: 'New pairs from a model', run: openNewPairs },
        { id: 'play-stop', label: 'Stop writing replies', keyName: 'Esc', run: stopGenerating },
        ...(
          [
            ['regenerate', 'Draw the replies again, same seed', 'R'],
            ['newSeed', 'Draw the replies again, new seed', 'N'],
            ['sweep', 'Compare the strongest codes in use, each alone', 'W'],
            ['sweepWeight', 'Sweep the strongest code’s weight from 0 to 1', 'Shift W'],
            ['keep', 'Keep two replies as a pair', 'K'],
          ] as const
        ).map(([name, label, keyName]) => ({
          id: `play-${name}`,
          label,
          keyName,
          run: () => latest.current.actions[name](),
        })),
        { id: 'play-curl', label: 'Copy the request as curl', run: () => latest.current.actions.copyCurl() },
        {
          id: 'play-diff',
          label: 'Word difference on or off',
          keyName: 'D',
          run: () => latest.current.toggleDiff(),
        },
        {
          id: 'play-tokens',
          label: 'Colour tokens of the pair: log-probability, reward, off',
          keyName: 'T',
          run: nextTokenColours,
        },
        {
          id: 'play-pane',
          label: 'Codes and sampling on or off',
          keyName: 'H',
          run: () => latest.current.togglePane(),
        },
      ],
      [],
    ),
  );
  return (
    <div className={css.screen}>
      <div className={css.top}>
        <PlaygroundBar
          policy={policy}
          models={models}
          runs={runs}
          actions={actions}
          paneOpen={paneOpen}
          onPane={togglePane}
        />
      </div>
      <div className={css.work}>
        <Turns />
        <Lanes diffOn={diffOn} policy={policy} onRetry={actions.regenerate} />
        <AskBar box={box} actions={actions} />
      </div>
      {paneOpen && (
        <aside className={css.pane} aria-label="Codes and sampling">
          <CodesPane policy={policy} onSweep={actions.sweepWeight} />
          <TokensPane />
          <SamplingPane onCopyCurl={actions.copyCurl} />
        </aside>
      )}
      <NewPairsDialog />
    </div>
  );
}
