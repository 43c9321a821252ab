import { IconMessageQuestion } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Inquiry } from '../../../main/contract/inquiries.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { InquiryForm } from '../../ui/InquiryForm.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';

/** What executions wait with for a person. */
export function InquiriesPage() {
  const { queries } = useEngine();
  const inquiries = useQuery(queries.inquiries());
  return (
    <div className="page">
      <PageHeader title="Questions" description="An action that asks waits here for your answer." />
      <Loaded query={inquiries}>{(open) => <InquiryList open={open} />}</Loaded>
    </div>
  );
}

function InquiryList({ open }: { open: Inquiry[] }) {
  if (open.length === 0) {
    return (
      <Empty icon={<IconMessageQuestion size={28} />} title="Nothing waits for an answer">
        An action such as core.ask puts its question here, and tells you so.
      </Empty>
    );
  }
  return (
    <ul className="stack questions" aria-label="Questions">
      {open.map((inquiry) => (
        <li key={inquiry.id} className="card" data-testid={`inquiry-${inquiry.id}`}>
          <InquiryCard inquiry={inquiry} />
        </li>
      ))}
    </ul>
  );
}

function InquiryCard({ inquiry }: { inquiry: Inquiry }) {
  const { id, action, context, askedAt, expiresAt, route, users } = inquiry;
  return (
    <>
      <div className="section-head">
        <h2>
          <Link to="/history/executions/$id" params={{ id }}>
            {action}
          </Link>
        </h2>
        <span className="quiet">
          asked <Moment at={askedAt} />
          {context.rule && ` by the rule ${context.rule}`}
        </span>
      </div>
      <p className="quiet question-facts">
        {expiresAt ? `It waits until ${new Date(expiresAt).toLocaleString()}.` : 'It waits for as long as it takes.'}
        {route && ` Route: ${route}.`}
        {users.length > 0 && ` It asks ${users.join(', ')}.`}
      </p>
      <InquiryForm inquiry={inquiry} />
    </>
  );
}
