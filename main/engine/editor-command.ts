import { StormletError } from '../contract/errors.ts';

/** An editor's command as the settings have it, for one file: a program and its arguments, for no shell to read. */
export type EditorCall = { readonly command: string; readonly args: readonly string[] };

/**
 * `{file}` and `{line}` are replaced within the words that the command was split into first, so nothing in a file's name is
 * ever taken for an argument of its own. A command without `{file}` gets the file as its last argument.
 */
export function editorCall(command: string, file: string, line: number | undefined): EditorCall {
  const words = splitCommand(command);
  const complete = words.some((word) => word.includes('{file}')) ? words : [...words, '{file}'];
  const [program = '', ...args] = line === undefined ? withoutLine(complete) : complete;
  if (program === '' || program.includes('{file}')) throw unreadable(command, 'it begins with no program');
  const fill = (word: string) =>
    word.replace(/\{(file|line)\}/g, (_, name: string) => (name === 'file' ? file : String(line)));
  return { command: program, args: args.map(fill) };
}

/** Blanks part words, quotes of either kind keep them together. A backslash is itself, as paths on Windows have it. */
export function splitCommand(command: string): string[] {
  const words: string[] = [];
  const token = /\s+|"([^"]*)"|'([^']*)'|[^\s"']+|["']/g;
  let isWithin = false;
  for (const [text, double, single] of command.trim().matchAll(token)) {
    if (text === '"' || text === "'") throw unreadable(command, `a ${text} has no end`);
    if (/^\s/.test(text)) {
      isWithin = false;
      continue;
    }
    const part = double ?? single ?? text;
    if (isWithin) words.push((words.pop() ?? '') + part);
    else words.push(part);
    isWithin = true;
  }
  return words;
}

/** Where there is no line to go to, what would name it goes, and with it the flag in front: `-g {file}:{line}`, `--line {line}`. */
function withoutLine(words: readonly string[]): string[] {
  return words.flatMap((word, at) => {
    if (word.includes('{line}')) return word.includes('{file}') ? ['{file}'] : [];
    const isItsFlag = at > 0 && word.startsWith('-') && /^\{.*\{line\}|^\{line\}/.test(words[at + 1] ?? '');
    return isItsFlag ? [] : [word];
  });
}

function unreadable(command: string, why: string): StormletError {
  return new StormletError({
    code: 'editor/command-invalid',
    kind: 'user',
    message: `the command of the editor cannot be read, because ${why}: \`${command}\``,
    hint: 'write it like `code -g {file}:{line}`, with quotes around what has blanks in it',
  });
}
