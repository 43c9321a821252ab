import { Button, Group, Stack, TextInput } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Editors } from '../../../main/contract/files.ts';
import { PackRef } from '../../../main/contract/refs.ts';
import type { Settings } from '../../../main/contract/settings.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { FaultNote } from '../../ui/FaultNote.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { Section } from '../../ui/Section.tsx';
import { useUpdate } from './use-update.ts';

/** Always there, and long enough to see that a line is gone to. */
const TRIED_PACK = PackRef.parse('core');
const TRIED_LINE = 3;

/** What files are opened with, wherever the window names one. */
export function EditorSettings({ editor }: { editor: Settings['editor'] }) {
  const { queries } = useEngine();
  const update = useUpdate();
  const save = (command: string) => update({ editor: { command } });
  return (
    <Section title="Opening files">
      <Stack gap="sm" className="card">
        <CommandInput key={editor.command} command={editor.command} onSave={save} />
        <Loaded query={useQuery(queries.editors(editor.command))}>
          {(editors) => <Found editors={editors} command={editor.command} onChoose={save} />}
        </Loaded>
        <Try key={`try ${editor.command}`} />
      </Stack>
    </Section>
  );
}

type CommandInputProps = { readonly command: string; readonly onSave: (command: string) => void };

/** Saved when it is left or Enter is pressed. */
function CommandInput({ command, onSave }: CommandInputProps) {
  const [typed, setTyped] = useState(command);
  const save = () => typed.trim() !== command && onSave(typed.trim());
  return (
    <TextInput
      label="Command of your editor"
      description="{file} and {line} stand for what is opened; quotes keep words with blanks together. Empty: the first that is found."
      placeholder="code -g {file}:{line}"
      maxLength={1000}
      spellCheck={false}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={save}
      onKeyDown={(event) => event.key === 'Enter' && save()}
    />
  );
}

type FoundProps = {
  readonly editors: Editors;
  readonly command: string;
  readonly onChoose: (command: string) => void;
};

function Found({ editors: { found, inUse }, command, onChoose }: FoundProps) {
  return (
    <>
      {found.length > 0 && (
        <Group gap="xs" role="group" aria-label="Editors found on this machine">
          {found.map((each) => (
            <Button
              key={each.command}
              variant="default"
              aria-pressed={each.command === command}
              onClick={() => onChoose(each.command)}
            >
              {each.name}
            </Button>
          ))}
        </Group>
      )}
      <p className="quiet">
        {inUse ? (
          <>
            Files open with <code className="literal">{inUse.command}</code>
          </>
        ) : (
          'No editor was found here.'
        )}
      </p>
    </>
  );
}

/** Opens a file that every machine has. */
function Try() {
  const { client } = useEngine();
  const attempt = useMutation({
    mutationFn: async () => {
      const files = await client.files.of({ ref: TRIED_PACK });
      const file = files.find(({ part }) => part === 'metadata')?.file ?? '';
      return client.files.open({ file, line: TRIED_LINE });
    },
  });
  return (
    <>
      {attempt.error && <FaultNote error={attempt.error} />}
      <Group>
        <Button
          variant="default"
          leftSection={<IconPencil size={14} />}
          loading={attempt.isPending}
          onClick={() => attempt.mutate()}
        >
          Try it
        </Button>
        {attempt.data && (
          <span className="quiet" role="status">
            It was asked to show line {TRIED_LINE} of the pack {TRIED_PACK}.
          </span>
        )}
      </Group>
    </>
  );
}
