import { NumberInput } from '@mantine/core';
import { useState } from 'react';

type NumberSettingProps = {
  readonly label: string;
  readonly description?: string | undefined;
  readonly min: number;
  readonly max: number;
  readonly value: number | undefined;
  /** What holds while it is empty; without it, it may not be. */
  readonly inherited?: string | undefined;
  readonly onSave: (value: number | undefined) => void;
};

/** Saved when it is left or Enter is pressed: the first digits of a number are another number. */
export function NumberSetting({ label, description, min, max, value, inherited, onSave }: NumberSettingProps) {
  const [typed, setTyped] = useState<number | string>(value ?? '');
  const save = () => {
    const read = typeof typed === 'number' ? typed : undefined;
    const isTaken = read === undefined ? inherited !== undefined : read >= min && read <= max;
    if (!isTaken) setTyped(value ?? '');
    else if (read !== value) onSave(read);
  };
  return (
    <NumberInput
      size="xs"
      label={label}
      description={description}
      placeholder={inherited}
      min={min}
      max={max}
      allowDecimal={false}
      clampBehavior="strict"
      hideControls
      value={typed}
      onChange={setTyped}
      onBlur={save}
      onKeyDown={(event) => event.key === 'Enter' && save()}
    />
  );
}
