import { SegmentedControl } from '@mantine/core';
import type { CSSProperties, ReactNode } from 'react';
import { PaneSection } from '../../components/SidePane.tsx';
import { setPlayground, usePlayground } from './playgroundStore.ts';
import { type Shade, TOKEN_COLOURS, type TokenColours } from './tokenColours.ts';
import css from './tokenText.module.css';

/** What the tokens of the pair's two replies are coloured by, and how to read it. */
export function TokensPane() {
  const colours = usePlayground((state) => state.colours);
  return (
    <PaneSection label="Tokens of A and B">
      <SegmentedControl<TokenColours>
        aria-label="Colour of tokens"
        title="T goes round"
        size="xs"
        fullWidth
        value={colours}
        data={[...TOKEN_COLOURS]}
        onChange={(value) => setPlayground({ colours: value })}
      />
      {colours === 'logp' && (
        <p className={css.legend}>
          <Sample tone="unlikely" size={0}>
            sure
          </Sample>
          <Sample tone="unlikely" size={0.4}>
            1 in 11
          </Sample>
          <Sample tone="unlikely" size={1}>
            1 in 400 or less
          </Sample>
          <span>under the policy that wrote it, before temperature and cuts</span>
        </p>
      )}
      {colours === 'reward' && (
        <p className={css.legend}>
          <Sample tone="more" size={1}>
            more reward here
          </Sample>
          <Sample tone="less" size={1}>
            more beside
          </Sample>
          <span>
            β·(log π − log π of the base), less that of the other policy; the full colour is the largest of
            both replies
          </span>
        </p>
      )}
    </PaneSection>
  );
}

function Sample({ tone, size, children }: Shade & { readonly children: ReactNode }) {
  return (
    <span className={css.token} data-tone={tone} style={{ '--size': size } as CSSProperties}>
      {children}
    </span>
  );
}
