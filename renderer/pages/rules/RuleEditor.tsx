import { Button, Group, Stack, Tabs } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { flushSync } from 'react-dom';
import type { Problem } from '../../../main/contract/errors.ts';
import type { ActionDefinition, TriggerType } from '../../../main/contract/packs.ts';
import type { ResourceRef } from '../../../main/contract/refs.ts';
import { LazyYamlEditor } from '../../ui/LazyYamlEditor.tsx';
import { LeaveGuard } from '../../ui/LeaveGuard.tsx';
import { ProblemList } from '../../ui/ProblemList.tsx';
import { RuleForm } from './RuleForm.tsx';
import { type RulePlace, RuleSentence } from './RuleSentence.tsx';
import { RuleTestPanel } from './RuleTestPanel.tsx';
import { ruleCompletions } from './rule-completions.ts';
import { useReading, useRuleEditor } from './use-rule-editor.ts';

type RuleEditorProps = {
  readonly initial: string;
  readonly types: readonly TriggerType[];
  readonly actions: readonly ActionDefinition[];
  /** Of a saved rule. */
  readonly ruleRef?: ResourceRef;
  /** Absent: it can be looked at and tried, not changed. */
  readonly saving?: {
    readonly label: string;
    readonly busy: boolean;
    readonly problems: readonly Problem[] | undefined;
    readonly onSave: (yaml: string) => void;
  };
  /** What stands below the YAML. */
  readonly note?: ReactNode;
};

/** A rule as a sentence, as a form and as YAML, in step with each other, beside what it would have made of the past. */
export function RuleEditor({ initial, types, actions, ruleRef, saving, note }: RuleEditorProps) {
  const editing = useRuleEditor(initial, types, actions);
  const { text, values, draft, world, faults } = editing;
  const { settled, problems } = useReading(text, ruleRef);
  const [tab, setTab] = useState<'form' | 'yaml'>(saving ? 'form' : 'yaml');
  const [tried, setTried] = useState(false);
  const isNew = ruleRef === undefined;
  const save = (event?: FormEvent) => {
    event?.preventDefault();
    setTried(true);
    if (tab === 'yaml' || Object.keys(faults).length === 0) saving?.onSave(text);
  };
  const pick = (place: RulePlace) => {
    flushSync(() => setTab('form'));
    document.getElementById(place)?.focus();
  };
  const told = saving?.problems ?? (tried || !isNew || editing.isChanged ? problems : []);
  return (
    <div className="rule-columns">
      {saving && <LeaveGuard isChanged={editing.isChanged && !saving.busy} what="the rule" />}
      <form onSubmit={save} noValidate aria-label={isNew ? 'New rule' : 'Rule'}>
        <Stack gap="md">
          {values && <RuleSentence rule={values} onPick={saving && pick} />}
          <Tabs value={tab} onChange={(value) => setTab(value === 'yaml' ? 'yaml' : 'form')} keepMounted={false}>
            <Group justify="space-between" align="flex-end" className="rule-bar">
              <Tabs.List>
                {saving && <Tabs.Tab value="form">Form</Tabs.Tab>}
                <Tabs.Tab value="yaml">YAML</Tabs.Tab>
              </Tabs.List>
              {saving && (
                <Group gap="sm">
                  {editing.isChanged && <span className="quiet">not saved yet</span>}
                  <Button type="submit" disabled={!editing.isChanged} loading={saving.busy}>
                    {saving.label}
                  </Button>
                </Group>
              )}
            </Group>
            {told.length > 0 && <ProblemList problems={told} />}
            <Tabs.Panel value="form" pt="sm">
              {draft ? (
                <div className="list">
                  <RuleForm
                    types={types}
                    actions={actions}
                    draft={draft}
                    world={world}
                    faults={tried ? faults : {}}
                    isNew={isNew}
                    onChange={editing.change}
                  />
                </div>
              ) : (
                <p className="quiet">The text is no YAML that a form could show: the tab beside has it.</p>
              )}
            </Tabs.Panel>
            <Tabs.Panel value="yaml" pt="sm">
              <LazyYamlEditor
                label="YAML of the rule"
                initial={text}
                readOnly={!saving}
                problems={told}
                complete={(before, after) => ruleCompletions(before, after, { types, actions, fields: world.fields })}
                onChange={editing.write}
                onSave={() => save()}
              />
              {note}
            </Tabs.Panel>
          </Tabs>
        </Stack>
      </form>
      <RuleTestPanel yaml={settled} ruleRef={ruleRef} hasTrigger={Boolean(values?.trigger)} />
    </div>
  );
}
