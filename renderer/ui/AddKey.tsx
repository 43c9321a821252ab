import { Button, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type KeyboardEvent, useState } from 'react';
import type { ParameterSpec } from '../../main/contract/parameter-spec.ts';
import { specOfKey } from '../../main/contract/spec-walk.ts';

type AddKeyProps = {
  readonly spec: ParameterSpec;
  readonly label: string;
  readonly taken: readonly string[];
  readonly onAdd: (key: string) => void;
};

/** Names a further entry of a map whose keys the schema leaves to the person. */
export function AddKey({ spec, label, taken, onAdd }: AddKeyProps) {
  const [key, setKey] = useState('');
  const [fault, setFault] = useState<string>();
  const add = () => {
    const found = faultOf(spec, key, taken);
    setFault(found);
    if (found !== undefined) return;
    onAdd(key);
    setKey('');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    // The form around it is not what is meant.
    event.preventDefault();
    add();
  };
  return (
    <div className="field-with-side">
      <TextInput
        aria-label={`New key of ${label}`}
        placeholder="new key"
        value={key}
        error={fault}
        onKeyDown={onKeyDown}
        onChange={(event) => setKey(event.currentTarget.value)}
      />
      <Button variant="default" leftSection={<IconPlus size={14} />} onClick={add}>
        Add
      </Button>
    </div>
  );
}

function faultOf(spec: ParameterSpec, key: string, taken: readonly string[]): string | undefined {
  if (key.trim() === '') return 'a name is needed';
  if (taken.includes(key)) return 'it is there already';
  const patterns = Object.keys(spec.patternProperties ?? {});
  return specOfKey(spec, key) ? undefined : `it must match ${patterns.join(' or ')}`;
}
