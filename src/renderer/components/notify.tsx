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
