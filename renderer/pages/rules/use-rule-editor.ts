import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ActionDefinition, TriggerType } from '../../../main/contract/packs.ts';
import type { ResourceRef } from '../../../main/contract/refs.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { knownFields } from './payload-fields.ts';
import { draftOfRule, type RuleDraft, type RuleWorld, readRule } from './rule-draft.ts';
import { changeRuleText, type RuleValues, readRuleText } from './rule-text.ts';

/** Long enough that typing is not answered letter by letter. */
const PAUSE_MS = 350;

/**
 * A rule that is being written. Its text is the truth; the form is a view of it that changes what it can show, and is made
 * anew whenever the text was changed by hand.
 */
export function useRuleEditor(initial: string, types: readonly TriggerType[], actions: readonly ActionDefinition[]) {
  const [text, setText] = useState(initial);
  const [draft, setDraft] = useState<RuleDraft>();
  const values = readRuleText(text);
  const payloads = usePayloads(values?.trigger ?? '');
  const worldOf = ({ trigger, action }: Pick<RuleValues, 'trigger' | 'action'>): RuleWorld => {
    const type = types.find(({ ref }) => ref === trigger);
    return {
      type,
      action: actions.find(({ ref }) => ref === action),
      fields: knownFields(type?.payloadSchema, payloads),
    };
  };
  const shown = draft ?? (values && draftOfRule(values, worldOf(values)));
  const world = worldOf(shown ?? { trigger: '', action: '' });
  return {
    text,
    values,
    /** Undefined while the text is no YAML. */
    draft: shown,
    world,
    faults: shown ? readRule(shown, world).faults : {},
    isChanged: text !== initial,
    write(next: string) {
      setText(next);
      setDraft(undefined);
    },
    change(next: RuleDraft) {
      if (!shown) return;
      setText(changeRuleText(text, readRule(shown, world).values, readRule(next, worldOf(next)).values));
      setDraft(next);
    },
  };
}
export type RuleEditing = ReturnType<typeof useRuleEditor>;

/** What the last events of a trigger brought. */
function usePayloads(trigger: string) {
  const { queries } = useEngine();
  const events = useQuery({ ...queries.lastEvents(trigger), enabled: trigger !== '' }).data ?? [];
  return events.map(({ payload }) => payload);
}

/** What the engine says of a text, a moment after the last change of it. */
export function useReading(yaml: string, ref: ResourceRef | undefined) {
  const { queries } = useEngine();
  const [settled] = useDebouncedValue(yaml, PAUSE_MS);
  const reading = useQuery({ ...queries.ruleReading(settled, ref), placeholderData: keepPreviousData }).data;
  return { settled, problems: reading?.problems ?? [] };
}
