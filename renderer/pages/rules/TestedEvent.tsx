import { IconCheck, IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { CriterionVerdict, RuleTestResult } from '../../../main/contract/rule-tests.ts';
import { CRITERIA_OPERATORS } from '../../../main/contract/rules.ts';
import { FaultNote } from '../../ui/FaultNote.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { Status } from '../../ui/Status.tsx';
import { ValueView } from '../../ui/ValueView.tsx';
import { operatorOf } from './criteria-draft.ts';
import { isChange } from './rule-test-summary.ts';

/** One event with the rule's verdict; opened, criterion by criterion. */
export function TestedEvent({ result }: { result: RuleTestResult }) {
  const { event, matched, matchedThen } = result;
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="tested" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary className="tested-head">
        <Status tone={result.fault ? 'bad' : matched ? 'good' : 'idle'} label={matched ? 'matched' : 'not matched'} />
        <span className="tested-payload mono">
          {event ? JSON.stringify(event.payload).slice(0, 120) : 'your event'}
        </span>
        {isChange(result) && <span className="tested-change">{matchedThen ? 'matched then' : 'did not then'}</span>}
        {event && <Moment at={event.receivedAt} />}
      </summary>
      {isOpen && <Explained result={result} />}
    </details>
  );
}

export function Explained({ result: { event, matched, criteria, parameters, fault } }: { result: RuleTestResult }) {
  return (
    <div className="tested-body">
      {criteria.length === 0 && <p className="quiet">It has no conditions: every such event matches.</p>}
      <ul className="verdict-list" aria-label="Conditions">
        {criteria.map((criterion) => (
          <Criterion key={criterion.key} criterion={criterion} />
        ))}
      </ul>
      {fault && <FaultNote error={fault} />}
      {matched && parameters && (
        <>
          <p className="quiet">The action would have got:</p>
          <ValueView value={parameters} label="Rendered parameters" />
        </>
      )}
      {event && (
        <Link to="/history/trace/$id" params={{ id: event.id }}>
          Trace of this event
        </Link>
      )}
    </div>
  );
}

function Criterion({ criterion: { key, operator, holds, seen, expected, fault } }: { criterion: CriterionVerdict }) {
  const isAboutBeing = /^n?exists$/.test(operator);
  return (
    <li className="criterion-verdict" data-tone={holds ? 'good' : 'bad'}>
      <span className="criterion-mark" role="img" aria-label={holds ? 'holds' : 'does not hold'}>
        {holds ? <IconCheck size={15} stroke={2.4} /> : <IconX size={15} stroke={2.4} />}
      </span>
      <span>
        <code className="literal">{key.replace(/#.*$/, '')}</code> {CRITERIA_OPERATORS[operatorOf(operator)]}{' '}
        {!isAboutBeing && <code className="literal">{JSON.stringify(expected)}</code>}
        <span className="quiet">
          : it was <code className="literal">{JSON.stringify(seen)}</code>
        </span>
        {fault && <FaultNote error={fault} />}
      </span>
    </li>
  );
}
