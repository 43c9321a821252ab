import type { ParameterSpec } from '../../main/contract/parameter-spec.ts';
import { isSecretReference } from '../../main/contract/secret-reference.ts';
import { pathText, type ValuePath } from '../../main/contract/spec-walk.ts';
import { ExpressionMenu, type Expressions } from './ExpressionMenu.tsx';
import { FieldInput } from './FieldInput.tsx';
import type { FormKind } from './field-draft.ts';
import { fieldKind, isExpression } from './field-kind.ts';
import { textOf } from './field-text.ts';
import { RichText } from './RichText.tsx';
import { SpecNote } from './SpecNote.tsx';

/** What all fields of a form share. */
export type FormContext = {
  readonly form: FormKind;
  readonly faults: Readonly<Record<string, string>>;
  readonly expressions: Expressions | undefined;
};

type FieldLeafProps = {
  readonly context: FormContext;
  readonly spec: ParameterSpec;
  readonly label: string;
  readonly path: ValuePath;
  readonly text: string;
  readonly onText: (text: string) => void;
};

/** A field that holds one value, or an expression in its place. */
export function FieldLeaf({ context, spec, label, path, text, onText }: FieldLeafProps) {
  const { form, faults, expressions } = context;
  const fault = faults[pathText(path)];
  const ready = !spec.immutable;
  const hint = form === 'configuration' && spec.default !== undefined ? textOf(spec.default, spec) : '';
  const shown = {
    label,
    description: <SpecNote spec={spec} />,
    required: spec.required === true && spec.default === undefined,
    disabled: !ready,
    error: fault && <RichText>{fault}</RichText>,
    ...(hint !== '' && { placeholder: spec.secret ? 'has a default' : hint }),
    ...(expressions &&
      ready && {
        rightSection: <ExpressionMenu field={label} expressions={expressions} text={text} onText={onText} />,
      }),
  };
  const kind =
    expressions && isExpression(text) && !(spec.secret && isSecretReference(text)) ? 'text' : fieldKind(spec);
  const value = spec.immutable ? textOf(spec.default ?? null, spec) : text;
  return <FieldInput kind={kind} spec={spec} text={value} onText={onText} shown={shown} />;
}
