import { notifications } from '@mantine/notifications';
import type { Failure } from '#core/result.ts';

/** A failure that belongs to no place on the screen. */
export function notifyFailure(failure: Failure): void {
  notifications.show({
    color: 'red',
    title: failure.message,
    message: failure.fix ?? '',
    autoClose: 12_000,
  });
}

export function notifyDone(title: string, message = ''): void {
  notifications.show({ color: 'accent', title, message, autoClose: 5_000 });
}

/** What was known of the pair just decided; a later one takes its place. */
export function notifyTold(told: { title: string; message: string; isRight: boolean }): void {
  const { title, message, isRight } = told;
  const shown = { id: 'gold', color: isRight ? 'accent' : 'yellow', title, message };
  notifications.hide(shown.id);
  notifications.show({ ...shown, autoClose: isRight ? 4_000 : 12_000 });
}
