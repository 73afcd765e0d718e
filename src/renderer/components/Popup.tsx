import { Popover, type PopoverProps } from '@mantine/core';
import { useEffect } from 'react';

interface Props extends Omit<PopoverProps, 'opened' | 'onChange' | 'closeOnEscape'> {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/**
 * A popover with fields or buttons, which takes the focus. Escape closes it from its first frame on: Mantine's own way
 * asks for the focus to be within, where it comes a moment after the popover is seen.
 */
export function Popup({ opened, onClose, ...others }: Props) {
  useEffect(() => {
    if (!opened) return;
    const leave = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') onClose();
    };
    window.addEventListener('keydown', leave, { capture: true });
    return () => window.removeEventListener('keydown', leave, { capture: true });
  }, [opened, onClose]);
  return (
    <Popover
      trapFocus
      shadow="md"
      {...others}
      opened={opened}
      onChange={(isOpen) => !isOpen && onClose()}
      closeOnEscape={false}
    />
  );
}
