import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { IconBraces } from '@tabler/icons-react';
import { isExpression } from './field-kind.ts';

/** What a `{{ … }}` in a form may name. */
export type Expressions = {
  /** `event`: paths such as `trigger.size`. `datastore`: keys such as `st2kv.system.token`. */
  readonly from: 'event' | 'datastore';
  readonly paths: readonly string[];
};

type ExpressionMenuProps = {
  readonly field: string;
  readonly expressions: Expressions;
  readonly text: string;
  readonly onText: (text: string) => void;
};

const WORDS = {
  event: { any: 'trigger (the whole payload)', path: 'trigger' },
  datastore: { any: 'a key, by its name', path: 'st2kv.system.' },
} as const;

/** Puts `{{ … }}` into a field, or takes the field back to a plain value. */
export function ExpressionMenu({ field, expressions, text, onText }: ExpressionMenuProps) {
  const { from, paths } = expressions;
  const insert = (path: string) => onText(`${text}${text && !text.endsWith(' ') ? ' ' : ''}{{ ${path} }}`);
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Tooltip label={`Take the value from the ${from}`}>
          <ActionIcon variant="subtle" size="sm" aria-label={`Take ${field} from the ${from}`}>
            <IconBraces size={15} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Insert from the {from}</Menu.Label>
        {paths.map((path) => (
          <Menu.Item key={path} className="mono" onClick={() => insert(path)}>
            {path}
          </Menu.Item>
        ))}
        {/* Also where there are some: what it names may come to be later. */}
        <Menu.Item onClick={() => insert(WORDS[from].path)}>{WORDS[from].any}</Menu.Item>
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
