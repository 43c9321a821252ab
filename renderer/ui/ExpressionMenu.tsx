import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { IconBraces } from '@tabler/icons-react';
import { isExpression } from './parameter-draft.ts';

type ExpressionMenuProps = {
  readonly field: string;
  /** For example `trigger.size`. */
  readonly paths: readonly string[];
  readonly text: string;
  readonly onText: (text: string) => void;
};

/** Puts `{{ trigger.… }}` into a field, or takes the field back to a plain value. */
export function ExpressionMenu({ field, paths, text, onText }: ExpressionMenuProps) {
  const insert = (path: string) => onText(`${text}${text && !text.endsWith(' ') ? ' ' : ''}{{ ${path} }}`);
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Tooltip label="Take the value from the event">
          <ActionIcon variant="subtle" size="sm" aria-label={`Take ${field} from the event`}>
            <IconBraces size={15} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Insert from the event</Menu.Label>
        {paths.length === 0 && <Menu.Item onClick={() => insert('trigger')}>trigger (the whole payload)</Menu.Item>}
        {paths.map((path) => (
          <Menu.Item key={path} className="mono" onClick={() => insert(path)}>
            {path}
          </Menu.Item>
        ))}
        {isExpression(text) && (
          <>
            <Menu.Divider />
            <Menu.Item onClick={() => onText('')}>Use a plain value</Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
