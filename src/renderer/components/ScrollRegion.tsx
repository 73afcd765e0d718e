import { Box } from '@mantine/core';
import type { ReactNode, Ref } from 'react';

interface Props {
  readonly label: string;
  readonly className?: string | undefined;
  readonly children: ReactNode;
  readonly ref?: Ref<HTMLDivElement>;
}

/** A part of the screen that scrolls by itself; the keyboard reaches it, so that its keys can scroll it. */
export function ScrollRegion({ label, className, children, ref }: Props) {
  return (
    <Box ref={ref ?? null} className={className} role="region" aria-label={label} tabIndex={0}>
      {children}
    </Box>
  );
}
