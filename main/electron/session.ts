import type { DesktopSession } from '../host.ts';
import { Listeners } from '../kit/listeners.ts';
import type { Log } from '../kit/log.ts';
import type { PowerSurface } from './electron-surface.ts';

/** On Linux the pack `system` asks the session itself, which tells more; Electron would tell the same things twice. */
export function desktopSession(power: PowerSurface, platform: NodeJS.Platform, log: Log): DesktopSession {
  const listeners = new Listeners<'locked' | 'unlocked' | 'sleep'>((error) => {
    log.error('a change of the session was not passed on', { error });
  });
  if (platform !== 'linux') {
    power.on('lock-screen', () => listeners.emit('locked'));
    power.on('unlock-screen', () => listeners.emit('unlocked'));
    power.on('suspend', () => listeners.emit('sleep'));
  }
  return { idleSeconds: () => power.getSystemIdleTime(), onEvent: (listener) => listeners.add(listener) };
}
