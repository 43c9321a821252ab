import { PasswordInput, Select, Stack, Textarea, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ParameterSpec, ParameterSpecs } from '../../main/contract/parameter-spec.ts';
import { ExpressionMenu } from './ExpressionMenu.tsx';
import {
  choiceText,
  type FieldKind,
  fieldKind,
  isExpression,
  orderedParameters,
  type ParameterDraft,
  textOf,
} from './parameter-draft.ts';
import { RichText } from './RichText.tsx';

type SchemaFormProps = {
  readonly specs: ParameterSpecs;
  readonly draft: ParameterDraft;
  readonly onChange: (draft: ParameterDraft) => void;
  readonly faults: Readonly<Record<string, string>>;
  /** Paths of the event that a `{{ … }}` may name. Absent: this form takes plain values only. */
  readonly expressions?: readonly string[];
};

/** A form made from an action's parameters. What is typed stays text; `readDraft` makes values of it. */
export function SchemaForm(props: SchemaFormProps) {
  const { specs, draft, onChange, faults, expressions } = props;
  if (Object.keys(specs).length === 0) return null;
  return (
    <Stack gap="sm">
      {orderedParameters(specs).map(([name, spec]) => (
        <Field
          key={name}
          name={name}
          spec={spec}
          text={spec.immutable ? textOf(spec.default ?? null, spec) : (draft[name] ?? '')}
          fault={faults[name]}
          expressions={expressions}
          onText={(text) => onChange({ ...draft, [name]: text })}
        />
      ))}
    </Stack>
  );
}

type FieldProps = {
  readonly name: string;
  readonly spec: ParameterSpec;
  readonly text: string;
  readonly fault: string | undefined;
  readonly expressions: readonly string[] | undefined;
  readonly onText: (text: string) => void;
};

function Field({ name, spec, text, fault, expressions, onText }: FieldProps) {
  const isReady = !spec.immutable;
  const shown = {
    label: name,
    description: <Description spec={spec} />,
    required: spec.required === true && spec.default === undefined,
    disabled: !isReady,
    error: fault && <RichText>{fault}</RichText>,
    ...(expressions &&
      isReady && { rightSection: <ExpressionMenu field={name} paths={expressions} text={text} onText={onText} /> }),
  };
  const kind = expressions && isExpression(text) ? 'text' : fieldKind(spec);
  return <Input kind={kind} spec={spec} text={text} onText={onText} shown={shown} />;
}

type InputProps = {
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
    readonly rightSection?: ReactNode;
  };
};

function Input({ kind, spec, text, onText, shown }: InputProps) {
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
    case 'list':
    case 'data':
      return (
        <Textarea
          {...shown}
          autosize
          minRows={2}
          maxRows={12}
          classNames={{ input: 'mono' }}
          placeholder={kind === 'list' ? 'one item per line, or YAML' : 'YAML or JSON'}
          value={text}
          onChange={(event) => onText(event.currentTarget.value)}
        />
      );
    default:
      return (
        <Textarea
          {...shown}
          autosize
          minRows={1}
          maxRows={8}
          value={text}
          onChange={(event) => onText(event.currentTarget.value)}
        />
      );
  }
}

/** Its right side is taken by the button that shows what was typed. */
function SecretInput({ text, onText, shown }: Omit<InputProps, 'kind' | 'spec'>) {
  const { rightSection: _, ...labels } = shown;
  return (
    <PasswordInput
      {...labels}
      autoComplete="off"
      visibilityToggleButtonProps={{ 'aria-label': `Show or hide ${shown.label}` }}
      value={text}
      onChange={(event) => onText(event.currentTarget.value)}
    />
  );
}

function Choice({ choices, spec, text, onText, shown }: Omit<InputProps, 'kind'> & { choices: string[] }) {
  const isOptional = spec.required !== true && spec.default === undefined;
  const { rightSection, ...labels } = shown;
  return (
    <div className="field-with-side">
      <Select
        {...labels}
        data={choices}
        value={text === '' ? null : text}
        placeholder="not set"
        clearable={isOptional}
        allowDeselect={isOptional}
        onChange={(choice) => onText(choice ?? '')}
      />
      {rightSection}
    </div>
  );
}

function Description({ spec }: { spec: ParameterSpec }) {
  const type = spec.type === undefined ? 'any' : [spec.type].flat().join(' or ');
  const notes = [spec.secret && 'secret', spec.immutable && 'fixed by the action'].filter(Boolean);
  return (
    <>
      {spec.description && <RichText>{spec.description}</RichText>}
      <span className="field-type">
        {spec.description && ' · '}
        {[type, ...notes].join(' · ')}
      </span>
    </>
  );
}
