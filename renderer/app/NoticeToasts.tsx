import { notifications } from '@mantine/notifications';
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { Notice } from '../../main/contract/notices.ts';
import { useEngine } from '../client/EngineProvider.tsx';

const COLORS = { success: 'green', failure: 'red', info: 'tide' } as const satisfies Record<Notice['level'], string>;

/** Notices as they are posted; a click leads to what they tell of. */
export function NoticeToasts() {
  const { client } = useEngine();
  const navigate = useNavigate();
  useEffect(
    () =>
      client.notifications.onPosted(({ id, level, title, body, source, execution, requested, quiet }) => {
        if (quiet) return;
        // What was started in a window is watched there, and a toast would lie over it.
        if (source === 'window' && !requested) return;
        const open = execution
          ? () => {
              notifications.hide(id);
              void navigate({ to: '/history/executions/$id', params: { id: execution } });
            }
          : undefined;
        notifications.show({
          id,
          title,
          message: <ToastText body={body} onOpen={open} />,
          color: COLORS[level],
          closeButtonProps: { 'aria-label': 'Dismiss' },
        });
      }),
    [client, navigate],
  );
  return null;
}

function ToastText({ body, onOpen }: { body: string; onOpen: (() => void) | undefined }) {
  return (
    <>
      <div className="toast-body">{body}</div>
      {onOpen && (
        <button type="button" className="toast-link" onClick={onOpen}>
          Show the execution
        </button>
      )}
    </>
  );
}
