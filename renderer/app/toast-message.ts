import { notifications } from '@mantine/notifications';

/** What an alias answers, for a moment. */
export function toastMessage(message: string): void {
  notifications.show({ message, autoClose: 6_000, closeButtonProps: { 'aria-label': 'Close the message' } });
}
