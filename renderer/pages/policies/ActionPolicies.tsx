import { Anchor, Button, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ActionDefinition } from '../../../main/contract/packs.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { Section } from '../../ui/Section.tsx';
import { NewPolicyDialog } from './NewPolicyDialog.tsx';
import { PolicyList } from './PolicyList.tsx';

/** How many executions of the action run at one time, which are tried again, and what each may use. */
export function ActionPolicies({ action }: { action: ActionDefinition }) {
  const { queries } = useEngine();
  const [isAdding, { open, close }] = useDisclosure(false);
  const all = useQuery(queries.policies()).data ?? [];
  const policies = all.filter(({ resource }) => resource === action.ref);
  const side = (
    <Group gap="sm">
      {action.runner === 'python-script' && (
        <Anchor
          size="xs"
          renderRoot={(props) => <Link to="/settings" search={{ section: 'limits', of: action.ref }} {...props} />}
        >
          Its limits
        </Anchor>
      )}
      <Button variant="default" leftSection={<IconPlus size={14} />} onClick={open}>
        Add a policy
      </Button>
    </Group>
  );
  return (
    <Section title="Policies" side={side}>
      {policies.length > 0 ? (
        <PolicyList policies={policies} ofOneAction />
      ) : (
        <p className="quiet">As many run at one time as there is room for, and none is tried again.</p>
      )}
      {isAdding && <NewPolicyDialog action={action} taken={all.map(({ name }) => name)} onClose={close} />}
    </Section>
  );
}
