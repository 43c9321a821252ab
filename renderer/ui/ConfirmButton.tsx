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
  readonly cancel?: string;
  /** What it takes away can be had back. */
  readonly harmless?: boolean;
  readonly onConfirm: () => void;
};

/** A button for what takes something away: it says what will be gone, and asks. */
export function ConfirmButton({
  label,
  icon,
  title,
  children,
  confirm,
  cancel,
  harmless,
  onConfirm,
}: ConfirmButtonProps) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button variant="default" {...(!harmless && { className: 'danger-button' })} leftSection={icon} onClick={open}>
        {label}
      </Button>
      <Modal opened={opened} onClose={close} title={title} closeButtonProps={{ 'aria-label': 'Close' }}>
        <Stack>
          <Text size="sm">{children}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={close} data-autofocus>
              {cancel ?? 'Keep it'}
            </Button>
            <Button
              {...(!harmless && { color: 'red' })}
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
