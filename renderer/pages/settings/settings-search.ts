import { z } from 'zod';

export const SETTINGS_SECTIONS = [
  { value: 'notifications', label: 'Notifications' },
  { value: 'actions', label: 'Actions' },
  { value: 'limits', label: 'Limits' },
  { value: 'python', label: 'Python' },
  { value: 'events', label: 'Events' },
  { value: 'bus', label: 'MQTT' },
  { value: 'api', label: 'API' },
  { value: 'packs', label: 'Packs' },
  { value: 'editor', label: 'Editor' },
  { value: 'desktop', label: 'Desktop' },
  { value: 'backup', label: 'Backup' },
  { value: 'diagnostics', label: 'Diagnostics' },
] as const;
export type SettingsSection = (typeof SETTINGS_SECTIONS)[number]['value'];

/** What the address of the settings may say. */
export const SettingsSearch = z.object({
  section: z
    .enum(SETTINGS_SECTIONS.map(({ value }) => value))
    .optional()
    .catch(undefined),
  /** Among the limits: whose own are to be set. */
  of: z.string().optional().catch(undefined),
});
