import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

type ConfirmDialogProps = {
  readonly opened: boolean;
  readonly title: string;
  /** What will be gone. */
  readonly children: ReactNode;
  readonly confirm: string;
  readonly cancel?: string | undefined;
  /** What it takes away can be had back. */
  readonly harmless?: boolean | undefined;
  readonly onClose: () => void;
  readonly onConfirm: () => void;
};

/** Asks before something is taken away. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { opened, title, children, confirm, cancel = 'Keep it', harmless = false, onClose, onConfirm } = props;
  return (
    <Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack>
        <Text size="sm">{children}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {cancel}
          </Button>
          <Button
            {...(!harmless && { color: 'red' })}
            onClick={() => {
              onClose();
              onConfirm();
            }}
          >
            {confirm}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
