import { UnstyledButton } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useEngine } from '../client/EngineProvider.tsx';
import { showFault } from './show-fault.ts';
import { showOpened } from './show-opened.ts';

type FilePlaceProps = {
  readonly file: string;
  readonly line?: number | undefined;
  /** In the place of the whole path, where that would say what the page says already. */
  readonly children?: string;
};

/** A file and its line, which a click opens in the person's editor. What has no place on the disk is only named. */
export function FilePlace({ file, line, children }: FilePlaceProps) {
  const { client } = useEngine();
  const open = useMutation({
    mutationFn: () => client.files.open({ file, ...(line !== undefined && { line }) }),
    onSuccess: (editor) => showOpened(file, editor.name),
    onError: showFault,
  });
  const place = `${file}${line === undefined ? '' : `:${line}`}`;
  if (!isAbsolute(file)) return <span className="file-place mono">{place}</span>;
  return (
    <UnstyledButton
      className="file-place mono"
      title="Open in the editor"
      aria-label={`${children ?? place}: open in the editor`}
      disabled={open.isPending}
      onClick={() => open.mutate()}
    >
      {children ?? place}
      <IconPencil size={13} className="file-mark" aria-hidden />
    </UnstyledButton>
  );
}

function isAbsolute(file: string): boolean {
  return /^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(file);
}
