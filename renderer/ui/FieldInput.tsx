import { ActionIcon, PasswordInput, Select, Textarea, TextInput, Tooltip } from '@mantine/core';
import { IconEraser } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { ParameterSpec } from '../../main/contract/parameter-spec.ts';
import { isSecretReference } from '../../main/contract/secret-reference.ts';
import { isMasked } from '../../main/contract/secret-values.ts';
import { choiceText, type FieldKind } from './field-kind.ts';

export type FieldInputProps = {
  readonly kind: FieldKind;
  readonly spec: ParameterSpec;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly shown: {
    readonly label: string;
    readonly description: ReactNode;
    readonly required: boolean;
    readonly disabled: boolean;
    readonly error: ReactNode;
    readonly placeholder?: string;
    readonly rightSection?: ReactNode;
  };
};

/** One value that is no list and no map of fields. */
export function FieldInput({ kind, spec, text, onText, shown }: FieldInputProps) {
  switch (kind) {
    case 'secret':
      return <SecretInput text={text} onText={onText} shown={shown} />;
    case 'switch':
      return <Choice choices={['true', 'false']} spec={spec} text={text} onText={onText} shown={shown} />;
    case 'choice':
      return (
        <Choice choices={(spec.enum ?? []).map(choiceText)} spec={spec} text={text} onText={onText} shown={shown} />
      );
    case 'integer':
    case 'number':
      return (
        <TextInput
          {...shown}
          inputMode="numeric"
          value={text}
          onChange={(event) => onText(event.currentTarget.value)}
        />
      );
    case 'text':
      return <Lines text={text} onText={onText} shown={shown} rows={1} maxRows={8} />;
    default:
      return (
        <Lines
          text={text}
          onText={onText}
          shown={{ placeholder: kind === 'list' ? 'one item per line, or YAML' : 'YAML or JSON', ...shown }}
          rows={2}
          maxRows={12}
          mono
        />
      );
  }
}

type LinesProps = Pick<FieldInputProps, 'text' | 'onText' | 'shown'> & {
  readonly rows: number;
  readonly maxRows: number;
  readonly mono?: boolean;
};

function Lines({ text, onText, shown, rows, maxRows, mono }: LinesProps) {
  return (
    <Textarea
      {...shown}
      autosize
      minRows={rows}
      maxRows={maxRows}
      classNames={mono ? { input: 'mono' } : {}}
      value={text}
      onChange={(event) => onText(event.currentTarget.value)}
    />
  );
}

/** What is stored is never shown; its right side is taken by the button that shows what was typed. */
function SecretInput({ text, onText, shown }: Omit<FieldInputProps, 'kind' | 'spec'>) {
  const { rightSection, ...labels } = shown;
  const isStored = isMasked(text) || isSecretReference(text);
  return (
    <div className="field-with-side">
      <PasswordInput
        {...labels}
        {...(isStored && {
          placeholder: isMasked(text) ? 'set; type to replace it' : 'set and encrypted; type to replace it',
        })}
        autoComplete="off"
        visibilityToggleButtonProps={{ 'aria-label': `Show or hide ${shown.label}` }}
        value={isStored ? '' : text}
        onChange={(event) => onText(event.currentTarget.value)}
      />
      {isStored && (
        <Tooltip label="Take the secret away">
          <ActionIcon variant="subtle" size="sm" aria-label={`Take ${shown.label} away`} onClick={() => onText('')}>
            <IconEraser size={15} />
          </ActionIcon>
        </Tooltip>
      )}
      {rightSection}
    </div>
  );
}

function Choice({ choices, spec, text, onText, shown }: Omit<FieldInputProps, 'kind'> & { choices: string[] }) {
  const { rightSection, placeholder, ...labels } = shown;
  const isOptional = placeholder !== undefined || (spec.required !== true && spec.default === undefined);
  return (
    <div className="field-with-side">
      <Select
        {...labels}
        data={choices}
        value={text === '' ? null : text}
        placeholder={placeholder ?? 'not set'}
        clearable={isOptional}
        allowDeselect={isOptional}
        onChange={(choice) => onText(choice ?? '')}
      />
      {rightSection}
    </div>
  );
}
