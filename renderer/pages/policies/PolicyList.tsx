import { Switch } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { PolicySummary } from '../../../main/contract/policies.ts';
import { policyInWords } from '../../../main/contract/policy-words.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { ConfirmButton } from '../../ui/ConfirmButton.tsx';
import { FilePlace } from '../../ui/FilePlace.tsx';
import { ProblemList } from '../../ui/ProblemList.tsx';
import { RichText } from '../../ui/RichText.tsx';
import { Status } from '../../ui/Status.tsx';
import { showFault } from '../../ui/show-fault.ts';
import { POLICY_TONES } from '../../ui/status-tones.ts';

type PolicyListProps = {
  readonly policies: readonly PolicySummary[];
  /** On the action's own page it need not be said for which action they are. */
  readonly ofOneAction?: boolean;
};

/** Policies with what each does, in words; what is wrong with one stands below it. */
export function PolicyList({ policies, ofOneAction = false }: PolicyListProps) {
  return (
    <ul className="list" aria-label="Policies">
      {policies.map((policy) => (
        <PolicyRow key={policy.ref} policy={policy} showsAction={!ofOneAction} />
      ))}
    </ul>
  );
}

function PolicyRow({ policy, showsAction }: { policy: PolicySummary; showsAction: boolean }) {
  const { ref, name, description, origin, pack, resource, state, problems, file } = policy;
  return (
    <li data-testid={`policy-${ref}`}>
      <div className="row">
        <div className="row-main">
          <span className="row-title">{name}</span>{' '}
          <span className="quiet">{origin === 'user' ? 'yours' : `from ${pack}`}</span>
          {showsAction && (
            <div className="row-text">
              for{' '}
              <Link to="/actions/$ref" params={{ ref: resource }}>
                {resource}
              </Link>
            </div>
          )}
          <div className="row-words">
            <RichText>{policyInWords(policy) ?? 'What it is to do cannot be read.'}</RichText> {description}
          </div>
        </div>
        <Status tone={POLICY_TONES[state]} label={state} />
        <div className="row-side">
          <FilePlace file={file}>its file</FilePlace>
          {origin === 'user' && <DeletePolicy policy={policy} />}
          <PolicySwitch policy={policy} />
        </div>
      </div>
      {problems.length > 0 && (
        <div className="row-more">
          <ProblemList problems={problems} />
        </div>
      )}
    </li>
  );
}

function PolicySwitch({ policy: { ref, name, enabled } }: { policy: PolicySummary }) {
  const { client } = useEngine();
  const set = useMutation({
    mutationFn: (on: boolean) => client.policies.setEnabled({ ref, enabled: on }),
    onError: showFault,
  });
  return (
    <Switch
      aria-label={`Policy ${name} is on`}
      checked={set.isPending ? set.variables : enabled}
      onChange={(event) => set.mutate(event.currentTarget.checked)}
    />
  );
}

function DeletePolicy({ policy: { ref, name, file } }: { policy: PolicySummary }) {
  const { client } = useEngine();
  const remove = useMutation({ mutationFn: () => client.policies.remove({ ref }), onError: showFault });
  return (
    <ConfirmButton
      label="Delete"
      name={`Delete ${name}`}
      icon={<IconTrash size={14} />}
      title={`Delete ${name}?`}
      confirm="Delete the policy"
      onConfirm={() => remove.mutate()}
    >
      Its file <span className="mono">{file}</span> is deleted, and what it holds back runs.
    </ConfirmButton>
  );
}
