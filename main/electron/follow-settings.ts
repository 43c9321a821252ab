import type { Client } from '../contract/rpc.ts';
import type { Settings } from '../contract/settings.ts';
import type { Log } from '../kit/log.ts';
import type { CommandBarShortcut } from './command-bar-shortcut.ts';
import type { DeepLinks } from './deep-links.ts';

type Desktop = Settings['desktop'];

export type FollowSettingsDeps = {
  readonly client: Client;
  readonly links: Pick<DeepLinks, 'become'>;
  readonly commandBar: Pick<CommandBarShortcut, 'become'>;
  setLoginItem(isOn: boolean): Promise<void>;
  setUpdates(choice: Desktop['updates']): void;
  readonly log: Log;
};

/** Brings what belongs to the desktop in step with the settings, at the start and with each change. */
export function followSettings({ client, ...deps }: FollowSettingsDeps): void {
  let before: Desktop | undefined;
  const become = (desktop: Desktop) => {
    const last = before;
    before = desktop;
    apply(deps, desktop, last);
  };
  client.settings.onChanged(({ desktop }) => become(desktop));
  client.settings.get().then(
    // What was announced meanwhile is newer than this answer.
    ({ desktop }) => before ?? become(desktop),
    (error: unknown) => deps.log.error('the settings of the desktop could not be read', { error }),
  );
}

function apply(deps: Omit<FollowSettingsDeps, 'client'>, desktop: Desktop, before: Desktop | undefined): void {
  deps.links.become(desktop.deepLinks);
  deps.commandBar.become(desktop.commandBarShortcut);
  if (desktop.updates !== before?.updates) deps.setUpdates(desktop.updates);
  // At a start it is left as it is: the person may have changed it in the settings of the system.
  if (before && desktop.startAtLogin !== before.startAtLogin) {
    deps.setLoginItem(desktop.startAtLogin).catch((error: unknown) => {
      deps.log.error('starting with the session could not be switched', { error });
    });
  }
}
