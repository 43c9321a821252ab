import { Fragment, type ReactNode } from 'react';
import type { Json } from '../../../main/contract/json.ts';
import { CRITERIA_OPERATORS } from '../../../main/contract/rules.ts';
import { operatorOf } from './criteria-draft.ts';
import type { RuleValues } from './rule-text.ts';

/** The field of the form that a chip stands for. */
export type RulePlace = 'rule-trigger' | 'rule-action' | `rule-criterion-${number}`;

type RuleSentenceProps = {
  readonly rule: Pick<RuleValues, 'trigger' | 'criteria' | 'action' | 'parameters'>;
  /** Absent where nothing can be changed. */
  readonly onPick?: ((place: RulePlace) => void) | undefined;
};

/** The rule in plain words: when … if … then …. */
export function RuleSentence({ rule, onPick }: RuleSentenceProps) {
  const criteria = Object.entries(rule.criteria);
  const parameters = Object.entries(rule.parameters);
  const chip = (place: RulePlace, children: ReactNode) => (
    <Chip onPick={onPick && (() => onPick(place))}>{children}</Chip>
  );
  return (
    <p className="sentence card">
      <b>When</b> {chip('rule-trigger', rule.trigger || 'something')} happens
      {criteria.map(([key, criterion], index) => {
        const place = `rule-criterion-${index + 1}` as const;
        return (
          <Fragment key={key}>
            {index === 0 ? (
              <>
                , <b>if</b>{' '}
              </>
            ) : (
              ' and '
            )}
            {chip(place, key.replace(/^trigger\./, '').replace(/#.*$/, ''))}{' '}
            {CRITERIA_OPERATORS[operatorOf(criterion.type)]}
            {criterion.pattern !== undefined && !/^n?exists$/.test(criterion.type) && (
              <> {chip(place, short(criterion.pattern))}</>
            )}
          </Fragment>
        );
      })}
      , <b>then</b> run {chip('rule-action', rule.action || 'something')}
      {parameters.length > 0 && ' with '}
      {parameters.map(([name, value], index) => (
        <Fragment key={name}>
          {index > 0 && ', '}
          {name} {chip('rule-action', short(value))}
        </Fragment>
      ))}
      .
    </p>
  );
}

function Chip({ onPick, children }: { onPick: (() => void) | undefined; children: ReactNode }) {
  if (!onPick) return <span className="chip">{children}</span>;
  return (
    <button type="button" className="chip" onClick={onPick}>
      {children}
    </button>
  );
}

function short(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text || '“”';
}
