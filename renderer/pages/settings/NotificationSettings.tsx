import { Chip, Group, NumberInput, Stack, Switch, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { QuietHours } from '../../../main/contract/desktop-settings.ts';
import type { Settings } from '../../../main/contract/settings.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { Section } from '../../ui/Section.tsx';
import { NoticeChoices } from './NoticeChoices.tsx';
import { useUpdate } from './use-update.ts';

type Notifications = Settings['notifications'];

/** Which results are told, and when. */
export function NotificationSettings({ notifications }: { notifications: Notifications }) {
  const { queries } = useEngine();
  const update = useUpdate();
  const rules = useQuery(queries.rules()).data ?? [];
  const packs = useQuery(queries.packs()).data ?? [];
  const change = (changed: Partial<Notifications>) => update({ notifications: changed });
  return (
    <div className="two-columns">
      <Section title="What is told">
        <Stack gap="sm" className="card">
          <Switch
            label="When an action succeeds"
            checked={notifications.onSuccess}
            onChange={(event) => change({ onSuccess: event.currentTarget.checked })}
          />
          <Switch
            label="When an action fails"
            checked={notifications.onFailure}
            onChange={(event) => change({ onFailure: event.currentTarget.checked })}
          />
          <Switch
            label="When a rule or a person asks for one with notify.show"
            checked={notifications.onRequest}
            onChange={(event) => change({ onRequest: event.currentTarget.checked })}
          />
          <NumberInput
            size="xs"
            label="Tell successes of so many minutes in one notice"
            description="0: each at once"
            min={0}
            max={1440}
            allowDecimal={false}
            clampBehavior="strict"
            value={notifications.digestMinutes}
            onChange={(value) => typeof value === 'number' && change({ digestMinutes: value })}
          />
        </Stack>
      </Section>
      <QuietForm quiet={notifications.quietHours} onChange={(quietHours) => change({ quietHours })} />
      <NoticeChoices
        title="Otherwise for some rules"
        what="rule"
        known={rules.map(({ ref }) => ref)}
        choices={notifications.rules}
        onChange={(chosen) => change({ rules: chosen })}
      />
      <NoticeChoices
        title="Otherwise for some packs"
        what="pack"
        known={packs.map(({ ref }) => ref)}
        choices={notifications.packs}
        onChange={(chosen) => change({ packs: chosen })}
      />
    </div>
  );
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** Notices that come meanwhile are told in one when it is over. */
function QuietForm({ quiet, onChange }: { quiet: QuietHours; onChange: (quiet: QuietHours) => void }) {
  const change = (changed: Partial<QuietHours>) => onChange({ ...quiet, ...changed });
  return (
    <Section title="Quiet hours">
      <Stack gap="sm" className="card">
        <Switch
          label="Hold notices back in these hours, and tell them in one afterwards"
          checked={quiet.enabled}
          onChange={(event) => change({ enabled: event.currentTarget.checked })}
        />
        <Group gap="sm">
          <TextInput
            type="time"
            label="From"
            disabled={!quiet.enabled}
            defaultValue={quiet.from}
            onBlur={({ currentTarget: { value } }) => value && change({ from: value })}
          />
          <TextInput
            type="time"
            label="To"
            disabled={!quiet.enabled}
            defaultValue={quiet.to}
            onBlur={({ currentTarget: { value } }) => value && change({ to: value })}
          />
        </Group>
        <Group gap={4} role="group" aria-label="Days on which they begin">
          {DAYS.map((name, day) => (
            <Chip
              key={name}
              size="xs"
              disabled={!quiet.enabled}
              checked={quiet.days.includes(day)}
              onChange={(on) =>
                change({ days: DAYS.flatMap((_, each) => (wanted(quiet, day, on, each) ? [each] : [])) })
              }
            >
              {name}
            </Chip>
          ))}
        </Group>
        <Switch
          label="Failures and questions are told all the same"
          disabled={!quiet.enabled}
          checked={quiet.letFailuresThrough}
          onChange={(event) => change({ letFailuresThrough: event.currentTarget.checked })}
        />
      </Stack>
    </Section>
  );
}

function wanted({ days }: QuietHours, changed: number, on: boolean, day: number): boolean {
  return day === changed ? on : days.includes(day);
}
