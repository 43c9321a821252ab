import { CloseButton } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';

type DetailProps = { title: string; closesTo: '/history/executions' | '/history/events'; children: ReactNode };

/** The panel beside the list. Escape closes it. */
export function Detail({ title, closesTo, children }: DetailProps) {
  const navigate = useNavigate();
  const close = () => void navigate({ to: closesTo, search: (kept: object) => kept });
  useHotkeys([['Escape', close]]);
  return (
    <aside className="detail" aria-label={title}>
      <div className="detail-head">
        <h2>{title}</h2>
        <CloseButton aria-label="Close the detail" onClick={close} />
      </div>
      <div className="stack">{children}</div>
    </aside>
  );
}
