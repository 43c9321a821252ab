import { Switch } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { RuleSummary } from '../../../main/contract/rules.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { ProblemList } from '../../ui/ProblemList.tsx';
import { Status } from '../../ui/Status.tsx';
import { showFault } from '../../ui/show-fault.ts';
import { RULE_TONES } from '../../ui/status-tones.ts';

export function RuleRow({ rule }: { rule: RuleSummary }) {
  const { ref, trigger, action, origin, pack, state, problems } = rule;
  return (
    <div data-testid={`rule-${ref}`}>
      <div className="row">
        <div className="row-main">
          <Link to="/rules/$ref" params={{ ref }} className="row-title">
            {rule.name}
          </Link>{' '}
          <span className="quiet">{origin === 'user' ? 'yours' : `from ${pack}`}</span>
          {rule.tags.map((tag) => (
            <span key={tag} className="label">
              {tag}
            </span>
          ))}
          <div className="row-text">
            {trigger.type} → {action.ref}
          </div>
        </div>
        <Status tone={RULE_TONES[state]} label={state} />
        <div className="row-side">
          <RuleSwitch rule={rule} />
        </div>
      </div>
      {problems.length > 0 && (
        <div className="row-more">
          <ProblemList problems={problems} />
        </div>
      )}
    </div>
  );
}

export function RuleSwitch({ rule }: { rule: RuleSummary }) {
  const { client } = useEngine();
  const set = useMutation({
    mutationFn: (enabled: boolean) => client.rules.setEnabled({ ref: rule.ref, enabled }),
    onError: showFault,
  });
  return (
    <Switch
      aria-label={`Rule ${rule.name} is on`}
      checked={set.isPending ? set.variables : rule.enabled}
      onChange={(event) => set.mutate(event.currentTarget.checked)}
    />
  );
}
