import { Select, Stack, Switch, TextInput } from '@mantine/core';
import type { Settings } from '../../../main/contract/settings.ts';
import { Section } from '../../ui/Section.tsx';
import { useUpdate } from './use-update.ts';

/** How the app behaves on a desktop. */
export function DesktopSettings({ desktop }: { desktop: Settings['desktop'] }) {
  const update = useUpdate();
  const change = (changed: Partial<Settings['desktop']>) => update({ desktop: changed });
  return (
    <Section title="On this desktop">
      <Stack gap="sm" className="card one-column">
        <Switch
          label="Start with the session, into the tray"
          checked={desktop.startAtLogin}
          onChange={(event) => change({ startAtLogin: event.currentTarget.checked })}
        />
        <Switch
          label="Pages may ask to install a pack by a stormlet:// address"
          description="Each is asked about before anything happens"
          checked={desktop.deepLinks}
          onChange={(event) => change({ deepLinks: event.currentTarget.checked })}
        />
        <TextInput
          label="Keys that open the command bar from anywhere"
          description="For example CommandOrControl+Shift+Space; empty: none"
          defaultValue={desktop.commandBarShortcut}
          onBlur={({ currentTarget: { value } }) =>
            value.trim() !== desktop.commandBarShortcut && change({ commandBarShortcut: value.trim() })
          }
        />
        <Select
          label="Newer versions of Stormlet"
          data={[
            { value: 'automatic', label: 'are loaded, and put in place at the next quit' },
            { value: 'tell', label: 'are told' },
            { value: 'off', label: 'are not looked for' },
          ]}
          value={desktop.updates}
          allowDeselect={false}
          onChange={(updates) => updates && change({ updates })}
        />
        <Select
          label="The key of stored secrets is kept"
          data={[
            { value: 'keychain', label: 'in the keychain of this account' },
            { value: 'file', label: 'in a file that only you may read' },
          ]}
          value={desktop.secretKey}
          allowDeselect={false}
          onChange={(secretKey) => secretKey && change({ secretKey })}
        />
      </Stack>
    </Section>
  );
}
