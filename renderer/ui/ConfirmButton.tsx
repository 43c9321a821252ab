import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { ConfirmDialog } from './ConfirmDialog.tsx';

type ConfirmButtonProps = {
  readonly label: string;
  /** Of what, where several stand below each other; it begins with the label. */
  readonly name?: string;
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
export function ConfirmButton({ label, name, icon, children, harmless, ...asked }: ConfirmButtonProps) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button
        variant="default"
        {...(!harmless && { className: 'danger-button' })}
        leftSection={icon}
        aria-label={name}
        onClick={open}
      >
        {label}
      </Button>
      <ConfirmDialog opened={opened} onClose={close} harmless={harmless} {...asked}>
        {children}
      </ConfirmDialog>
    </>
  );
}
