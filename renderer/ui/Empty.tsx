import type { ReactNode } from 'react';

type EmptyProps = {
  readonly icon: ReactNode;
  readonly title: string;
  /** The page has no other heading. */
  readonly isWholePage?: boolean;
  readonly children: ReactNode;
  readonly action?: ReactNode;
};

/** Nothing is here yet: why, and what to do about it. */
export function Empty({ icon, title, isWholePage, children, action }: EmptyProps) {
  const Title = isWholePage ? 'h1' : 'h2';
  return (
    <div className="empty">
      <span className="empty-icon" aria-hidden>
        {icon}
      </span>
      <Title>{title}</Title>
      <p>{children}</p>
      {action}
    </div>
  );
}
