import { useQuery } from '@tanstack/react-query';
import { Fragment } from 'react';
import type { AppFile } from '../../main/contract/files.ts';
import { useEngine } from '../client/EngineProvider.tsx';
import { FilePlace } from './FilePlace.tsx';

const PARTS: Readonly<Record<AppFile['part'], string>> = {
  folder: 'Folder',
  metadata: 'Metadata',
  code: 'Code',
  settings: 'Configuration',
};

type FileFactsProps = { readonly of: string; readonly kind: AppFile['kind'] };

/** Where a thing is written, as terms and details of a list of facts; each opens in the editor. */
export function FileFacts({ of, kind }: FileFactsProps) {
  const { queries } = useEngine();
  const files = useQuery(queries.files(of)).data?.filter((each) => each.kind === kind) ?? [];
  return files.map(({ part, file }) => (
    <Fragment key={`${part} ${file}`}>
      <dt>{PARTS[part]}</dt>
      <dd>
        <FilePlace file={file} />
      </dd>
    </Fragment>
  ));
}
