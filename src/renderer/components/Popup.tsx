import { Popover, type PopoverProps } from '@mantine/core';
import { useEffect, useRef } from 'react';

interface Props extends Omit<PopoverProps, 'opened' | 'onChange' | 'closeOnEscape'> {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** An open list of the field that has the focus, if it shows anything. */
function listOf(target: EventTarget | null): Element | null {
  if (!(target instanceof Element) || !target.hasAttribute('data-mantine-stop-propagation')) return null;
  return document.getElementById(target.getAttribute('aria-controls') ?? '');
}
/** Escape is somebody else's: of an open list within, or of a method that types Chinese or Japanese. */
const isTaken = (event: KeyboardEvent): boolean =>
  event.isComposing || (listOf(event.target)?.checkVisibility() ?? false);

/**
 * A popover with fields or buttons, which takes the focus. Escape closes it from its first frame on, and gives the focus
 * back: Mantine's own way asks for the focus to be within, where it comes a moment after the popover is seen.
 */
export function Popup({ opened, onClose, ...others }: Props) {
  const before = useRef<Element | null>(null);
  useEffect(() => {
    if (opened) before.current = document.activeElement;
  }, [opened]);
  useEffect(() => {
    if (!opened) return;
    const leave = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || isTaken(event)) return;
      onClose();
      if (before.current instanceof HTMLElement) before.current.focus({ preventScroll: true });
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
