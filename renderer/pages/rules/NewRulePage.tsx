import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEngine } from '../../client/EngineProvider.tsx';
import { Waiting } from '../../ui/Loaded.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { RuleForm } from './RuleForm.tsx';
import { EMPTY_DRAFT, suggestedName, withAction, withTrigger } from './rule-draft.ts';

/** `trigger` and `action` are what the page that leads here has chosen already. */
export function NewRulePage({ trigger, action }: { trigger?: string; action?: string }) {
  const { queries } = useEngine();
  const types = useQuery(queries.triggerTypes()).data;
  const actions = useQuery(queries.actions()).data;
  if (!types || !actions) {
    return (
      <div className="page">
        <Waiting />
      </div>
    );
  }
  const begun = withAction(
    withTrigger(
      EMPTY_DRAFT,
      types.find(({ ref }) => ref === trigger),
    ),
    actions.find(({ ref }) => ref === action),
  );
  return (
    <div className="page">
      <PageHeader
        title="New rule"
        trail={<Link to="/rules">Rules</Link>}
        description="It is written as a YAML file into your rules folder, where you can edit it later."
      />
      <RuleForm
        types={types}
        actions={actions}
        initial={{ ...begun, name: suggestedName(begun.trigger, begun.action) }}
      />
    </div>
  );
}
