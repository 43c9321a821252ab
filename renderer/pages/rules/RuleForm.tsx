import { Select, Stack, TagsInput, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ActionDefinition, TriggerType } from '../../../main/contract/packs.ts';
import { RichText } from '../../ui/RichText.tsx';
import { SchemaForm } from '../../ui/SchemaForm.tsx';
import { CriteriaRows } from './CriteriaRows.tsx';
import {
  parametersOf,
  type RuleDraft,
  type RuleFaults,
  type RuleWorld,
  suggestedName,
  triggerSpecs,
  withAction,
  withTrigger,
} from './rule-draft.ts';

type RuleFormProps = {
  readonly types: readonly TriggerType[];
  readonly actions: readonly ActionDefinition[];
  readonly draft: RuleDraft;
  readonly world: RuleWorld;
  readonly faults: RuleFaults;
  /** The name follows what is chosen. */
  readonly isNew: boolean;
  readonly onChange: (draft: RuleDraft) => void;
};

/** When … if … then …, as a form. */
export function RuleForm({ types, actions, draft, world, faults, isNew, onChange }: RuleFormProps) {
  const { type, action, fields } = world;
  const change = (next: RuleDraft) => onChange(isNew ? withSuggestedName(draft, next) : next);
  return (
    <>
      <Clause word="When">
        <Select
          id="rule-trigger"
          label="Trigger"
          placeholder="Choose an event"
          description={type?.description && <RichText>{type.description}</RichText>}
          searchable
          data={byPack(types, draft.trigger)}
          value={draft.trigger || null}
          error={faults.trigger}
          onChange={(ref) =>
            change(
              withTrigger(
                draft,
                types.find((listed) => listed.ref === ref),
              ),
            )
          }
        />
        <SchemaForm
          specs={triggerSpecs(type)}
          draft={draft.triggerParameters}
          faults={parametersOf(faults, 'triggerParameters')}
          onChange={(triggerParameters) => change({ ...draft, triggerParameters })}
        />
      </Clause>
      <Clause word="If">
        <CriteriaRows
          criteria={draft.criteria}
          fields={fields}
          faults={faults}
          onChange={(criteria) => change({ ...draft, criteria })}
        />
      </Clause>
      <Clause word="Then">
        <Select
          id="rule-action"
          label="Action"
          placeholder="Choose an action"
          description={action?.description && <RichText>{action.description}</RichText>}
          searchable
          data={byPack(actions, draft.action)}
          value={draft.action || null}
          error={faults.action}
          onChange={(ref) =>
            change(
              withAction(
                draft,
                actions.find((listed) => listed.ref === ref),
              ),
            )
          }
        />
        {action && (
          <SchemaForm
            specs={action.parameters}
            draft={draft.parameters}
            expressions={{ from: 'event', paths: fields.map(({ path }) => path) }}
            faults={parametersOf(faults, 'parameters')}
            onChange={(parameters) => change({ ...draft, parameters })}
          />
        )}
      </Clause>
      <Clause word="Name">
        <TextInput
          label="Name"
          value={draft.name}
          error={faults.name}
          onChange={(event) => onChange({ ...draft, name: event.currentTarget.value })}
        />
        <TextInput
          label="Description"
          value={draft.description}
          onChange={(event) => onChange({ ...draft, description: event.currentTarget.value })}
        />
        <TagsInput
          size="xs"
          label="Labels"
          placeholder={draft.labels.length === 0 ? 'Words to find it by' : ''}
          value={[...draft.labels]}
          onChange={(labels) => onChange({ ...draft, labels })}
        />
      </Clause>
    </>
  );
}

function Clause({ word, children }: { word: string; children: ReactNode }) {
  return (
    <fieldset className="clause" aria-label={word}>
      <span className="clause-word" aria-hidden>
        {word}
      </span>
      <Stack gap="sm">{children}</Stack>
    </fieldset>
  );
}

/** Until somebody has typed one. */
function withSuggestedName(before: RuleDraft, next: RuleDraft): RuleDraft {
  const isUntouched = before.name === '' || before.name === suggestedName(before.trigger, before.action);
  return isUntouched ? { ...next, name: suggestedName(next.trigger, next.action) } : next;
}

/** What the rule names is listed also when no pack has it. */
function byPack(things: readonly { readonly ref: string; readonly pack: string }[], named: string) {
  const isMissing = named !== '' && !things.some(({ ref }) => ref === named);
  const listed = isMissing ? [...things, { ref: named, pack: 'not installed' }] : things;
  const groups = Map.groupBy(listed, ({ pack }) => pack);
  return [...groups].map(([group, members]) => ({ group, items: members.map(({ ref }) => ref).sort() }));
}
