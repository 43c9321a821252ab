import { Button, Group, Stack } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type Inquiry, inquiryFields } from '../../main/contract/inquiries.ts';
import type { JsonObject } from '../../main/contract/json.ts';
import { useEngine } from '../client/EngineProvider.tsx';
import { FaultNote } from './FaultNote.tsx';
import { draftOf, readDraft } from './parameter-draft.ts';
import { SchemaForm } from './SchemaForm.tsx';

/** The answer to a question, as a form made from its schema. */
export function InquiryForm({ inquiry }: { inquiry: Inquiry }) {
  const { client } = useEngine();
  const fields = inquiryFields(inquiry.schema);
  const [draft, setDraft] = useState(() => draftOf(fields));
  const [tried, setTried] = useState(false);
  const read = readDraft(fields, draft, { expressions: false });
  const answer = useMutation({
    mutationFn: (response: JsonObject) => client.inquiries.respond({ id: inquiry.id, response }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(read.faults).length === 0) answer.mutate(withoutNulls(read.values));
  };
  return (
    <form onSubmit={submit} noValidate aria-label={`Answer to ${inquiry.action}`}>
      <Stack gap="md">
        {Object.keys(fields).length > 0 ? (
          <SchemaForm specs={fields} draft={draft} onChange={setDraft} faults={tried ? read.faults : {}} />
        ) : (
          <p className="quiet">It asks for nothing in particular: answering lets it go on.</p>
        )}
        {answer.error && <FaultNote error={answer.error} />}
        <Group justify="flex-end">
          <Button type="submit" leftSection={<IconSend size={14} />} loading={answer.isPending}>
            Answer
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** A field that was left empty is not answered. */
function withoutNulls(values: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}
