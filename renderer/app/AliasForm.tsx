import { Button, Group, Stack } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { AliasDefinition } from '../../main/contract/aliases.ts';
import type { JsonObject } from '../../main/contract/json.ts';
import type { ParameterSpecs } from '../../main/contract/parameter-spec.ts';
import { useEngine } from '../client/EngineProvider.tsx';
import { FaultNote } from '../ui/FaultNote.tsx';
import { draftOf, readDraft } from '../ui/parameter-draft.ts';
import { SchemaForm } from '../ui/SchemaForm.tsx';
import { placesOf, sentenceOf } from './alias-sentence.ts';

export type ChosenAlias = { readonly alias: AliasDefinition; readonly representation: string };
type AliasFormProps = ChosenAlias & {
  readonly onSay: (text: string) => Promise<unknown>;
  readonly onBack: () => void;
};

/** The places of a sentence as typed fields of its action. */
export function AliasForm({ alias, representation, onSay, onBack }: AliasFormProps) {
  const { queries } = useEngine();
  const action = useQuery(queries.action(alias.action)).data;
  const specs = specsOf(representation, action?.parameters ?? {});
  const [draft, setDraft] = useState(() => draftOf(specs));
  const [tried, setTried] = useState(false);
  const read = readDraft(specs, draft, { expressions: false });
  const say = useMutation({ mutationFn: (values: JsonObject) => onSay(sentenceOf(representation, values)) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(read.faults).length === 0) say.mutate(read.values);
  };
  return (
    <form className="alias-form" onSubmit={submit} noValidate aria-label={alias.description || alias.name}>
      <Stack gap="sm">
        <p>
          <code className="literal">{representation}</code> <span className="quiet">{alias.description}</span>
        </p>
        <SchemaForm specs={specs} draft={draft} faults={tried ? read.faults : {}} onChange={setDraft} />
        {say.error && <FaultNote error={say.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onBack}>
            Back
          </Button>
          <Button type="submit" loading={say.isPending}>
            Run
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** A place without a default has to be filled. */
function specsOf(representation: string, known: ParameterSpecs): ParameterSpecs {
  return Object.fromEntries(
    placesOf(representation).map(({ name, fallback }) => {
      const { default: _, required: __, ...spec } = known[name] ?? { type: 'string' };
      return [name, fallback === undefined ? { ...spec, required: true } : { ...spec, default: fallback }];
    }),
  );
}
