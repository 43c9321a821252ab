import { Button, Group, Stack } from '@mantine/core';
import { useState } from 'react';
import { LazyYamlEditor } from '../../ui/LazyYamlEditor.tsx';
import { ProblemList } from '../../ui/ProblemList.tsx';
import { problemsOf } from '../../ui/problems-of.ts';
import type { ConfigEditing } from './config-draft.ts';

/** The file itself, secrets masked: a mask that is left as it stands keeps its secret. */
export function ConfigYaml({
  config,
  isSaving,
  error,
  onChanged,
  onDiscard,
  onSave,
}: ConfigEditing & { error: unknown }) {
  const [yaml, setYaml] = useState(config.yaml);
  const isChanged = yaml !== config.yaml;
  const problems = error ? problemsOf(error) : config.problems;
  const change = (text: string) => {
    setYaml(text);
    onChanged(text !== config.yaml);
  };
  return (
    <Stack gap="sm">
      {error !== null && <ProblemList problems={problems} />}
      <LazyYamlEditor
        label="YAML of the configuration"
        initial={config.yaml}
        problems={problems}
        onChange={change}
        onSave={() => onSave({ yaml })}
      />
      <Group justify="flex-end" gap="sm">
        {isChanged && <span className="quiet">not saved yet</span>}
        <Button variant="default" disabled={!isChanged} onClick={onDiscard}>
          Discard
        </Button>
        <Button disabled={!isChanged} loading={isSaving} onClick={() => onSave({ yaml })}>
          Save
        </Button>
      </Group>
    </Stack>
  );
}
