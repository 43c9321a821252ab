import { notifications } from '@mantine/notifications';
import { toFault } from '../../main/contract/errors.ts';

/** A refusal of something that has no place of its own on the page, such as a switch. */
export function showFault(error: unknown): void {
  const { code, message, hint } = toFault(error);
  notifications.show({
    title: message,
    message: hint ?? code,
    color: 'red',
    closeButtonProps: { 'aria-label': 'Dismiss' },
  });
}
