/** Hands the person a JSON file, as a download of the page. */
export function saveJson(name: string, value: unknown): void {
  const url = URL.createObjectURL(new Blob([`${JSON.stringify(value, null, 2)}\n`], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${name.replaceAll(/[^A-Za-z0-9._-]+/g, '-')}.json`;
  link.click();
  URL.revokeObjectURL(url);
}
