import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { ResourceRef } from '../../../main/contract/refs.ts';
import type { RuleDetail } from '../../../main/contract/rules.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { problemsOf } from '../../ui/problems-of.ts';
import { type Reading, together } from '../../ui/together.ts';
import { RuleEditor } from './RuleEditor.tsx';
import { suggestedName } from './rule-draft.ts';
import { changeRuleText, NEW_RULE_TEXT, type RuleValues, readRuleText } from './rule-text.ts';

type NewRulePageProps = {
  /** What the page that leads here has chosen already. */
  readonly trigger?: string;
  readonly action?: string;
  /** The rule that this one begins as. */
  readonly copy?: string;
};

export function NewRulePage({ trigger = '', action = '', copy }: NewRulePageProps) {
  const { client, queries } = useEngine();
  const navigate = useNavigate();
  const from = ResourceRef.safeParse(copy);
  const copied = useQuery({ ...queries.rule(from.data ?? ResourceRef.parse('no.rule')), enabled: from.success });
  const original: Reading<RuleDetail | null> = from.success ? copied : NO_ORIGINAL;
  const read = together(useQuery(queries.triggerTypes()), useQuery(queries.actions()), original);
  const add = useMutation({
    mutationFn: (yaml: string) => client.rules.add({ yaml }),
    onSuccess: ({ ref }) => navigate({ to: '/rules/$ref', params: { ref }, ignoreBlocker: true }),
  });
  return (
    <div className="page" data-wide="rule">
      <PageHeader
        title="New rule"
        trail={<Link to="/rules">Rules</Link>}
        description="It is written as a YAML file into your rules folder, where you can edit it too."
      />
      <Loaded query={read}>
        {([types, actions, rule]) => (
          <RuleEditor
            initial={rule ? copyOf(rule.yaml) : begunWith(trigger, action)}
            types={types}
            actions={actions}
            saving={{
              label: 'Create rule',
              busy: add.isPending || add.isSuccess,
              problems: add.error ? problemsOf(add.error) : undefined,
              onSave: (yaml) => add.mutate(yaml),
            }}
          />
        )}
      </Loaded>
    </div>
  );
}

const NO_ORIGINAL: Reading<null> = { data: null, error: null, refetch: () => undefined };

const NOTHING: RuleValues = {
  name: '',
  description: '',
  trigger: '',
  triggerParameters: {},
  criteria: {},
  action: '',
  parameters: {},
  labels: [],
};

function begunWith(trigger: string, action: string): string {
  return changeRuleText(NEW_RULE_TEXT, NOTHING, { ...NOTHING, trigger, action, name: suggestedName(trigger, action) });
}

/** Under a name of its own; `pack` would still say where the original came from. */
function copyOf(yaml: string): string {
  const values = readRuleText(yaml);
  if (!values) return yaml;
  const text = changeRuleText(yaml, values, { ...values, name: `${values.name}_copy` });
  return text.replace(/^pack:.*\n/m, '');
}
