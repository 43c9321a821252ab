import { lazy, Suspense } from 'react';
import { Waiting } from './Loaded.tsx';
import type { YamlEditorProps } from './YamlEditor.tsx';

/** The editor is the largest part of the window, so it is only loaded where one is shown. */
const Editor = lazy(async () => ({ default: (await import('./YamlEditor.tsx')).YamlEditor }));

export function LazyYamlEditor(props: YamlEditorProps) {
  return (
    <Suspense fallback={<Waiting />}>
      <Editor {...props} />
    </Suspense>
  );
}
