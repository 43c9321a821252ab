import path from 'node:path';
import { StormletError } from '../contract/errors.ts';
import type { AppFile, Editor, Editors, OpenFileRequest } from '../contract/files.ts';
import type { Host } from '../host.ts';
import type { Clock } from '../kit/clock.ts';
import type { PackFolders } from '../packs/pack.ts';
import type { PackRegistry } from '../packs/pack-registry.ts';
import type { FileEditing } from '../rpc/handlers/files.ts';
import { cleanEnvironment } from '../supervisor/child-environment.ts';
import { type Launched, launchProgram } from '../supervisor/launch-program.ts';
import { editorCall, splitCommand } from './editor-command.ts';
import { filesOf } from './files-of.ts';
import { findEditors, hasDesktop, type Machine, systemOpener } from './known-editors.ts';
import { findOwnFile } from './own-files.ts';

export type EditorDeps = {
  readonly host: Pick<Host, 'settings' | 'environment' | 'folders'>;
  readonly clock: Clock;
  readonly packs: { readonly registry: PackRegistry; readonly folders: PackFolders };
};

/** Opens the app's own files in the person's editor. Whoever may ask the app anything is at this machine. */
export class EditorDesk implements FileEditing {
  readonly #deps: EditorDeps;

  constructor(deps: EditorDeps) {
    this.#deps = deps;
  }

  of(ref: string): AppFile[] {
    const { registry, folders } = this.#deps.packs;
    return filesOf({ registry, configs: folders.configs }, ref);
  }

  editors(): Editors {
    const found = findEditors(this.#machine);
    const inUse = this.#editor(false);
    return { found, ...(inUse && { inUse }) };
  }

  async open({ file, line }: OpenFileRequest): Promise<Editor> {
    const own = await findOwnFile(file, this.#folders());
    const editor = this.#editor(own.isFolder);
    if (!editor) throw noEditor();
    const call = editorCall(editor.command, own.file, own.isFolder ? undefined : line);
    const cwd = own.isFolder ? own.file : path.dirname(own.file);
    const launched = await launchProgram({ ...call, cwd, env: this.#machine.environment }, this.#deps.clock);
    throwIfFailed(launched, call.command);
    return editor;
  }

  /** A pack's folder may be a link that the person made to where they work on it. */
  #folders(): string[] {
    const { host, packs } = this.#deps;
    const { builtIn, installed, configs, rules, policies } = packs.folders;
    const logs = path.join(host.folders.data, 'logs');
    return [builtIn, installed, configs, rules, policies, logs, ...packs.registry.list().map((pack) => pack.path)];
  }

  /** What the person named is theirs to answer for; only what is chosen for them needs a desktop. */
  #editor(isFolder: boolean): Editor | undefined {
    const command = this.#deps.host.settings.get().editor.command.trim();
    if (command !== '') return { name: nameOf(command), command };
    if (!hasDesktop(this.#machine)) return undefined;
    return findEditors(this.#machine)[0] ?? systemOpener(this.#machine, isFolder);
  }

  get #machine(): Machine {
    return { platform: process.platform, environment: cleanEnvironment(this.#deps.host.environment) };
  }
}

function nameOf(command: string): string {
  const [program = ''] = splitCommand(command);
  return path.parse(program).name;
}

function throwIfFailed(launched: Launched, command: string): void {
  if (launched.state === 'not-started') {
    throw new StormletError({
      code: 'editor/not-started',
      kind: 'environment',
      message: `the editor \`${command}\` could not be started: ${launched.why}`,
      hint: SET_IT,
    });
  }
  // Explorer says 1 when all is well.
  if (launched.state === 'running' || launched.exitCode === 0 || command === 'explorer.exe') return;
  throw new StormletError({
    code: 'editor/failed',
    kind: 'environment',
    message: `the editor \`${command}\` ended with code ${launched.exitCode ?? 'of a signal'} and opened nothing`,
    hint: SET_IT,
  });
}

const SET_IT = 'set `editor.command` in the settings, for example to `code -g {file}:{line}`';

function noEditor(): StormletError {
  return new StormletError({
    code: 'editor/not-found',
    kind: 'environment',
    message: 'no editor was found here, and no desktop that could choose one',
    hint: SET_IT,
  });
}
