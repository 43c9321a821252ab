import { ActionIcon, Select, Stack } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { NoticeChoice } from '../../../main/contract/desktop-settings.ts';
import { Section } from '../../ui/Section.tsx';

type NoticeChoicesProps = {
  readonly title: string;
  readonly what: 'rule' | 'pack';
  readonly known: readonly string[];
  readonly choices: Readonly<Record<string, NoticeChoice>>;
  readonly onChange: (choices: Record<string, NoticeChoice>) => void;
};

const WORDS: readonly { value: NoticeChoice; label: string }[] = [
  { value: 'both', label: 'tell every result' },
  { value: 'success', label: 'tell successes' },
  { value: 'failure', label: 'tell failures' },
  { value: 'none', label: 'tell nothing' },
];

/** What goes before the choice for everything. */
export function NoticeChoices({ title, what, known, choices, onChange }: NoticeChoicesProps) {
  const chosen = Object.entries(choices);
  const others = known.filter((name) => !Object.hasOwn(choices, name)).sort();
  return (
    <Section title={title}>
      <Stack gap="sm" className="card">
        {chosen.map(([name, choice]) => (
          <div key={name} className="choice">
            <span className="mono choice-name">{name}</span>
            <Select
              aria-label={`What is told of ${name}`}
              data={[...WORDS]}
              value={choice}
              allowDeselect={false}
              onChange={(value) => value && onChange({ ...choices, [name]: value })}
            />
            <ActionIcon
              aria-label={`No own choice for ${name}`}
              onClick={() => onChange(Object.fromEntries(chosen.filter(([each]) => each !== name)))}
            >
              <IconX size={15} />
            </ActionIcon>
          </div>
        ))}
        <Select
          aria-label={`Choose for one ${what}`}
          placeholder={`Choose for one ${what}…`}
          searchable
          data={others}
          value={null}
          onChange={(name) => name && onChange({ ...choices, [name]: 'failure' })}
        />
      </Stack>
    </Section>
  );
}
