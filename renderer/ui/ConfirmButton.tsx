import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';

type ConfirmButtonProps = {
  readonly label: string;
  readonly icon?: ReactNode;
  readonly title: string;
  /** What will be gone. */
  readonly children: ReactNode;
  readonly confirm: string;
  readonly onConfirm: () => void;
};

/** A button for what cannot be undone: it says what will be gone, and asks. */
export function ConfirmButton({ label, icon, title, children, confirm, onConfirm }: ConfirmButtonProps) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button variant="default" className="danger-button" leftSection={icon} onClick={open}>
        {label}
      </Button>
      <Modal opened={opened} onClose={close} title={title} closeButtonProps={{ 'aria-label': 'Close' }}>
        <Stack>
          <Text size="sm">{children}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={close} data-autofocus>
              Keep it
            </Button>
            <Button
              color="red"
              onClick={() => {
                close();
                onConfirm();
              }}
            >
              {confirm}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
