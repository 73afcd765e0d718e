import { Button, type ButtonProps } from '@mantine/core';
import type { ReactNode } from 'react';
import { Keycap } from './Keycap.tsx';

interface Props extends Omit<ButtonProps, 'rightSection' | 'children'> {
  readonly children: ReactNode;
  /** The key that does the same, as shown on its cap; the screen binds it with `useScreenKeys`. */
  readonly keyName?: string | undefined;
  readonly title?: string;
  readonly 'aria-label'?: string;
  readonly onClick?: () => void;
  readonly type?: 'button' | 'submit';
}

/** A button that carries its key. Variants: `filled` (primary), `default`, `subtle`. */
export function KeyButton({ children, keyName, ...rest }: Props) {
  return (
    <Button
      {...rest}
      {...(keyName === undefined
        ? {}
        : { rightSection: <Keycap>{keyName}</Keycap>, 'aria-keyshortcuts': keyName })}
    >
      {children}
    </Button>
  );
}
