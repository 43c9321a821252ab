import { Button, Stack } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPlus, IconX } from '@tabler/icons-react';
import type { ParameterSpec, ParameterSpecs } from '../../main/contract/parameter-spec.ts';
import { pathText, specOfItem, specOfKey, type ValuePath } from '../../main/contract/spec-walk.ts';
import { AddKey } from './AddKey.tsx';
import { ExpressionMenu, type Expressions } from './ExpressionMenu.tsx';
import { FieldGroup, FieldTool } from './FieldGroup.tsx';
import { FieldLeaf, type FormContext } from './FieldLeaf.tsx';
import {
  draftOfValue,
  type FieldDraft,
  type FieldDrafts,
  type FormKind,
  isList,
  specOfUnknown,
} from './field-draft.ts';
import { fieldKind, orderedFields, takesMoreKeys } from './field-kind.ts';
import { SpecNote } from './SpecNote.tsx';

type SchemaFormProps = {
  readonly specs: ParameterSpecs;
  readonly draft: FieldDrafts;
  readonly onChange: (draft: FieldDrafts) => void;
  /** By place, such as `servers[0].port`. */
  readonly faults: Readonly<Record<string, string>>;
  /** Absent: this form takes plain values only. */
  readonly expressions?: Expressions;
  readonly form?: FormKind;
};

/** A form made from a schema, at every depth. What is typed stays text; `field-draft.ts` makes values of it. */
export function SchemaForm({ specs, draft, onChange, faults, expressions, form = 'parameters' }: SchemaFormProps) {
  const context = { faults, expressions, form };
  return <Fields context={context} spec={{ properties: specs }} drafts={draft} path={[]} onDrafts={onChange} />;
}

type FieldsProps = {
  readonly context: FormContext;
  readonly spec: ParameterSpec;
  readonly drafts: FieldDrafts;
  readonly path: ValuePath;
  readonly onDrafts: (drafts: FieldDrafts) => void;
};

function Fields({ context, spec, drafts, path, onDrafts }: FieldsProps) {
  const { properties = {} } = spec;
  const further = Object.keys(drafts).filter((key) => !Object.hasOwn(properties, key));
  if (Object.keys(properties).length + further.length === 0 && !takesMoreKeys(spec)) return null;
  const set = (key: string, draft: FieldDraft) => onDrafts({ ...drafts, [key]: draft });
  const remove = (key: string) => onDrafts(Object.fromEntries(Object.entries(drafts).filter(([name]) => name !== key)));
  const label = pathText(path);
  return (
    <Stack gap="sm">
      {orderedFields(properties, context.form).map(([key, child]) => (
        <Field
          key={key}
          context={context}
          spec={specOfKey(spec, key) ?? child}
          label={key}
          path={[...path, key]}
          draft={drafts[key] ?? ''}
          onDraft={(draft) => set(key, draft)}
        />
      ))}
      {further.map((key) => (
        <div key={key} className="field-with-tools">
          <Field
            context={context}
            spec={specOfKey(spec, key) ?? specOfUnknown(drafts[key])}
            label={key}
            path={[...path, key]}
            draft={drafts[key] ?? ''}
            onDraft={(draft) => set(key, draft)}
          />
          <FieldTool label={`Remove ${key}`} icon={<IconX size={15} />} onClick={() => remove(key)} />
        </div>
      ))}
      {takesMoreKeys(spec) && (
        <AddKey
          spec={spec}
          label={label}
          taken={Object.keys(drafts)}
          onAdd={(key) => set(key, draftOfValue(specOfKey(spec, key) ?? {}, undefined, context.form))}
        />
      )}
    </Stack>
  );
}

type FieldProps = {
  readonly context: FormContext;
  readonly spec: ParameterSpec;
  readonly label: string;
  readonly path: ValuePath;
  readonly draft: FieldDraft;
  readonly onDraft: (draft: FieldDraft) => void;
};

function Field(props: FieldProps) {
  const { context, spec, draft, path, label, onDraft } = props;
  const kind = fieldKind(spec);
  const frame = {
    label,
    note: <SpecNote spec={spec} />,
    fault: context.faults[pathText(path)],
    tool: context.expressions && (
      <ExpressionMenu field={label} expressions={context.expressions} text="" onText={onDraft} />
    ),
  };
  const isShaped = !spec.immutable && (draft === '' || typeof draft !== 'string');
  if (kind === 'group' && isShaped && !isList(draft)) {
    const drafts = typeof draft === 'string' ? {} : draft;
    return (
      <FieldGroup {...frame}>
        <Fields context={context} spec={spec} drafts={drafts} path={path} onDrafts={onDraft} />
      </FieldGroup>
    );
  }
  if (kind === 'items' && isShaped) {
    return (
      <FieldGroup {...frame}>
        <Items
          context={context}
          spec={spec}
          label={label}
          path={path}
          drafts={isList(draft) ? draft : []}
          onDraft={onDraft}
        />
      </FieldGroup>
    );
  }
  return (
    <FieldLeaf
      context={context}
      spec={spec}
      label={label}
      path={path}
      text={typeof draft === 'string' ? draft : ''}
      onText={onDraft}
    />
  );
}

type ItemsProps = Omit<FieldProps, 'draft'> & { readonly drafts: readonly FieldDraft[] };

function Items({ context, spec, label, path, drafts, onDraft }: ItemsProps) {
  const moved = (from: number, to: number) => {
    const without = drafts.toSpliced(from, 1);
    return drafts[from] === undefined ? drafts : without.toSpliced(to, 0, drafts[from]);
  };
  const next = specOfItem(spec, drafts.length);
  const takesMore = next !== undefined && drafts.length < (spec.maxItems ?? Number.POSITIVE_INFINITY);
  return (
    <Stack gap="sm">
      {drafts.map((draft, index) => {
        const name = `${label} ${index + 1}`;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: an item has no name of its own, and its fields hold no state.
          <div key={index} className="field-with-tools">
            <Field
              context={context}
              spec={specOfItem(spec, index) ?? {}}
              label={name}
              path={[...path, index]}
              draft={draft}
              onDraft={(changed) => onDraft(drafts.with(index, changed))}
            />
            <FieldTool
              label={`Move ${name} up`}
              icon={<IconArrowUp size={15} />}
              disabled={index === 0}
              onClick={() => onDraft(moved(index, index - 1))}
            />
            <FieldTool
              label={`Move ${name} down`}
              icon={<IconArrowDown size={15} />}
              disabled={index === drafts.length - 1}
              onClick={() => onDraft(moved(index, index + 1))}
            />
            <FieldTool
              label={`Remove ${name}`}
              icon={<IconX size={15} />}
              onClick={() => onDraft(drafts.toSpliced(index, 1))}
            />
          </div>
        );
      })}
      {takesMore && (
        <div>
          <Button
            variant="default"
            leftSection={<IconPlus size={14} />}
            onClick={() => onDraft([...drafts, draftOfValue(next, undefined, context.form)])}
          >
            Add to {label}
          </Button>
        </div>
      )}
    </Stack>
  );
}
