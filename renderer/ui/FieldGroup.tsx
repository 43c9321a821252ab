import { ActionIcon } from '@mantine/core';
import type { ReactNode } from 'react';
import { RichText } from './RichText.tsx';

type FieldGroupProps = {
  readonly label: string;
  readonly note: ReactNode;
  readonly fault: string | undefined;
  readonly tool: ReactNode;
  readonly children: ReactNode;
};

/** A map or a list: its name and notes, and in a frame its fields. */
export function FieldGroup({ label, note, fault, tool, children }: FieldGroupProps) {
  return (
    <fieldset className="field-group" aria-label={label}>
      <div className="field-group-head">
        <span className="field-group-name">{label}</span>
        {tool}
      </div>
      <div className="field-group-note">{note}</div>
      {children}
      {fault && (
        <div className="field-group-fault" role="alert">
          <RichText>{fault}</RichText>
        </div>
      )}
    </fieldset>
  );
}

type FieldToolProps = {
  readonly label: string;
  readonly icon: ReactNode;
  readonly disabled?: boolean;
  readonly onClick: () => void;
};

export function FieldTool({ label, icon, disabled = false, onClick }: FieldToolProps) {
  return (
    <ActionIcon variant="subtle" size="sm" aria-label={label} disabled={disabled} onClick={onClick}>
      {icon}
    </ActionIcon>
  );
}
