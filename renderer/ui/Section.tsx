import type { ReactNode } from 'react';

type SectionProps = { readonly title: string; readonly side?: ReactNode; readonly children: ReactNode };

export function Section({ title, side, children }: SectionProps) {
  return (
    <section className="section" aria-label={title}>
      <div className="section-head">
        <h2>{title}</h2>
        {side}
      </div>
      {children}
    </section>
  );
}
