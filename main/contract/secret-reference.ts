/** How a configuration file names a secret that lies sealed in the datastore. */
export function secretReference(key: string): string {
  return `{{ st2kv.system['${key}'] }}`;
}

/** Whether the text is such a reference and nothing else, as saving a configuration writes it. */
export function isSecretReference(text: string): boolean {
  return /^\{\{ st2kv\.system\['config\.[^']+'\] \}\}$/.test(text);
}
