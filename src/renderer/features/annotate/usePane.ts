import { useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';

/** Whether the history pane is open: beside the replies where there is room, else only when asked for. */
export function usePane(): readonly [boolean, () => void] {
  const roomy = useMediaQuery('(min-width: 68rem)', true, { getInitialValueInEffect: false });
  const [asked, setAsked] = useState<{ readonly roomy: boolean; readonly open: boolean } | null>(null);
  // What was asked for in a wide window says nothing about a narrow one.
  const open = asked?.roomy === roomy ? asked.open : roomy;
  return [open, () => setAsked({ roomy, open: !open })];
}
