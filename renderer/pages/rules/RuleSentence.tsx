import { Link } from '@tanstack/react-router';
import { Fragment } from 'react';
import type { Json } from '../../../main/contract/json.ts';
import type { Criterion, RuleDefinition } from '../../../main/contract/packs.ts';
import { CRITERIA_OPERATORS } from '../../../main/contract/rules.ts';

/** The rule in plain words: when … if … then …. */
export function RuleSentence({ rule }: { rule: RuleDefinition }) {
  const criteria = Object.entries(rule.criteria);
  const parameters = Object.entries(rule.action.parameters);
  return (
    <p className="sentence card">
      <b>When</b> <span className="chip">{rule.trigger.type}</span> happens
      {criteria.map(([key, criterion], index) => (
        <Fragment key={key}>
          {index === 0 ? (
            <>
              , <b>if</b>{' '}
            </>
          ) : (
            ' and '
          )}
          <span className="chip">{key.replace(/^trigger\./, '').replace(/#.*$/, '')}</span> {operatorWords(criterion)}
          {criterion.pattern !== undefined && (
            <>
              {' '}
              <span className="chip">{short(criterion.pattern)}</span>
            </>
          )}
        </Fragment>
      ))}
      , <b>then</b> run{' '}
      <Link to="/actions/$ref" params={{ ref: rule.action.ref }} className="chip">
        {rule.action.ref}
      </Link>
      {parameters.length > 0 && ' with '}
      {parameters.map(([name, value], index) => (
        <Fragment key={name}>
          {index > 0 && ', '}
          {name} <span className="chip">{short(value)}</span>
        </Fragment>
      ))}
      .
    </p>
  );
}

const ALIASES: Readonly<Record<string, string>> = {
  eq: 'equals',
  neq: 'nequals',
  ieq: 'iequals',
  lt: 'lessthan',
  gt: 'greaterthan',
  in: 'inside',
  nin: 'ninside',
  td_lt: 'timediff_lt',
  td_gt: 'timediff_gt',
};

function operatorWords({ type }: Criterion): string {
  const words: Readonly<Record<string, string>> = CRITERIA_OPERATORS;
  return words[ALIASES[type] ?? type] ?? type;
}

function short(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
