import { notifications } from '@mantine/notifications';

/** The editor's window may come up behind this one. */
export function showOpened(file: string, editor: string): void {
  notifications.show({
    title: file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1),
    message: `is open in ${editor}`,
    autoClose: 3000,
    closeButtonProps: { 'aria-label': 'Dismiss' },
  });
}
