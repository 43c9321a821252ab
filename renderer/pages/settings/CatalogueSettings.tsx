import { Textarea } from '@mantine/core';
import { useState } from 'react';

type CatalogueSettingsProps = { catalogues: readonly string[]; onSave: (catalogues: string[]) => void };

/** Where names of packs are looked up, one a line. Saved when it is left: half an address is no catalogue. */
export function CatalogueSettings({ catalogues, onSave }: CatalogueSettingsProps) {
  const saved = catalogues.join('\n');
  const [typed, setTyped] = useState(saved);
  const save = () => {
    const lines = typed.split('\n').map((line) => line.trim());
    const next = lines.filter((line) => line !== '');
    if (next.join('\n') !== saved) onSave(next);
  };
  return (
    <Textarea
      label="Catalogues"
      description="Indexes in the format of the StackStorm Exchange, one address or file a line; where two have a pack, the first counts"
      autosize
      minRows={2}
      classNames={{ input: 'mono' }}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={save}
    />
  );
}
