import { ActionIcon, Autocomplete, Button, Select, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { CRITERIA_OPERATORS } from '../../../main/contract/rules.ts';
import { type CriterionDraft, type FormOperator, needsValue, newCriterion } from './criteria-draft.ts';
import type { PayloadField } from './payload-fields.ts';
import type { RuleFaults } from './rule-draft.ts';

const OPERATORS = Object.entries(CRITERIA_OPERATORS)
  .filter(([value]) => value !== 'search')
  .map(([value, label]) => ({ value: value as FormOperator, label }));

type CriteriaRowsProps = {
  criteria: readonly CriterionDraft[];
  fields: readonly PayloadField[];
  faults: RuleFaults;
  onChange: (criteria: readonly CriterionDraft[]) => void;
};

/** All of them have to hold. */
export function CriteriaRows({ criteria, fields, faults, onChange }: CriteriaRowsProps) {
  return (
    <div className="criteria">
      {criteria.length === 0 && <p className="quiet">Always: every such event runs the action.</p>}
      {criteria.map((criterion, index) => (
        <CriterionRow
          key={criterion.key}
          number={index + 1}
          criterion={criterion}
          fields={fields}
          fault={faults[`criteria.${criterion.key}`]}
          onChange={(changed) => onChange(criteria.with(index, changed))}
          onRemove={() => onChange(criteria.toSpliced(index, 1))}
        />
      ))}
      <div>
        <Button
          variant="default"
          leftSection={<IconPlus size={14} />}
          onClick={() => onChange([...criteria, newCriterion(criteria)])}
        >
          Add a condition
        </Button>
      </div>
    </div>
  );
}

type CriterionRowProps = {
  number: number;
  criterion: CriterionDraft;
  fields: readonly PayloadField[];
  fault: string | undefined;
  onChange: (criterion: CriterionDraft) => void;
  onRemove: () => void;
};

function CriterionRow({ number, criterion, fields, fault, onChange, onRemove }: CriterionRowProps) {
  if (criterion.operator === 'search') return <WrittenRow number={number} criterion={criterion} onRemove={onRemove} />;
  return (
    <div className="criterion">
      <Autocomplete
        size="xs"
        id={`rule-criterion-${number}`}
        aria-label={`Field of condition ${number}`}
        placeholder="trigger.…"
        data={fields.map(({ path }) => path)}
        comboboxProps={{ width: 'max-content', position: 'bottom-start' }}
        renderOption={({ option }) => <FieldOption field={fields.find(({ path }) => path === option.value)} />}
        value={criterion.path}
        error={fault}
        onChange={(path) => onChange({ ...criterion, path })}
      />
      <Select
        aria-label={`Operator of condition ${number}`}
        data={OPERATORS}
        value={criterion.operator}
        allowDeselect={false}
        searchable
        onChange={(operator) => operator && onChange({ ...criterion, operator })}
      />
      {needsValue(criterion.operator) ? (
        <TextInput
          aria-label={`Value of condition ${number}`}
          placeholder={
            criterion.operator === 'inside' || criterion.operator === 'ninside' ? 'one, two, three' : 'value'
          }
          value={criterion.value}
          onChange={(event) => onChange({ ...criterion, value: event.currentTarget.value })}
        />
      ) : (
        <span />
      )}
      <ActionIcon size={30} aria-label={`Remove condition ${number}`} onClick={onRemove}>
        <IconTrash size={15} />
      </ActionIcon>
    </div>
  );
}

/** A field with what it was in a recent event. */
function FieldOption({ field }: { field: PayloadField | undefined }) {
  return (
    <span className="field-option">
      <span className="mono">{field?.path}</span>
      {field?.sample !== undefined && <span className="quiet">{field.sample}</span>}
    </span>
  );
}

/** A search in a list has criteria of its own, which a row has no room for. */
function WrittenRow({ number, criterion, onRemove }: Pick<CriterionRowProps, 'number' | 'criterion' | 'onRemove'>) {
  return (
    <div className="criterion">
      <span className="mono">{criterion.path}</span>
      <span className="quiet">is searched by the YAML</span>
      <span />
      <ActionIcon size={30} aria-label={`Remove condition ${number}`} onClick={onRemove}>
        <IconTrash size={15} />
      </ActionIcon>
    </div>
  );
}
