import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { RichText } from './RichText.tsx';

type PageHeaderProps = {
  readonly title: string;
  /** What stands before the title: the way back to the list. */
  readonly trail?: ReactNode;
  readonly status?: ReactNode;
  readonly description?: ReactNode;
  readonly children?: ReactNode;
};

/** The title of a page, and on its right what can be done there. */
export function PageHeader({ title, trail, status, description, children }: PageHeaderProps) {
  useDocumentTitle(`${title} · Stormlet`);
  return (
    <header className="page-header">
      <div className="page-heading">
        {trail && <div className="page-trail">{trail}</div>}
        <div className="page-title">
          <h1>{title}</h1>
          {status}
        </div>
        {description && (
          <p className="page-description">
            {typeof description === 'string' ? <RichText>{description}</RichText> : description}
          </p>
        )}
      </div>
      {children && <div className="page-actions">{children}</div>}
    </header>
  );
}
