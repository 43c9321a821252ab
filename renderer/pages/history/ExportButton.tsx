import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { saveJson } from '../../ui/save-json.ts';
import { showFault } from '../../ui/show-fault.ts';

type Page = { readonly items: readonly unknown[]; readonly next?: string | undefined };
type ExportButtonProps = {
  readonly name: string;
  readonly readPage: (before: string | undefined, limit: number) => Promise<Page>;
};

const PER_PAGE = 500;
const MOST_ROWS = 10_000;

/** Saves what the filters admit, results and all, the newest first. */
export function ExportButton({ name, readPage }: ExportButtonProps) {
  const save = useMutation({
    mutationFn: async () => saveJson(name, await readAll(readPage)),
    onError: showFault,
  });
  return (
    <Button
      variant="default"
      leftSection={<IconDownload size={14} />}
      loading={save.isPending}
      onClick={() => save.mutate()}
    >
      Export JSON
    </Button>
  );
}

async function readAll(readPage: ExportButtonProps['readPage']): Promise<unknown[]> {
  const rows: unknown[] = [];
  let before: string | undefined;
  do {
    const page = await readPage(before, PER_PAGE);
    rows.push(...page.items);
    before = page.next;
  } while (before !== undefined && rows.length < MOST_ROWS);
  return rows.slice(0, MOST_ROWS);
}
