import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { writeFiles } from '../packs/pack-stage.ts';
import { findTestPython } from './python.ts';

/**
 * A Python project that builds itself with the standard library alone, so that installing it needs no network. `onBuild`
 * are lines of Python that run when it is built.
 */
export function tinyProject(folder: string, name: string, onBuild = ''): Promise<string> {
  return writeFiles(folder, {
    'pyproject.toml': `[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n\n[project]\nname = "${name}"\nversion = "1.0"\n`,
    'backend.py': backend(name, onBuild),
    [`${name}.py`]: '__version__ = "1.0"\n',
  });
}

/** The wheel of such a project. */
export async function tinyWheel(folder: string, name: string): Promise<{ file: string; content: Buffer }> {
  const project = await tinyProject(path.join(folder, `${name}-project`), name);
  const build = 'import backend; print(backend.build_wheel("."))';
  const { stdout } = await execa(await findTestPython(), ['-c', build], { cwd: project });
  return { file: stdout.trim(), content: await readFile(path.join(project, stdout.trim())) };
}

function backend(name: string, onBuild: string): string {
  return `
import os
import zipfile


def build_wheel(folder, config_settings=None, metadata_directory=None):
    on_build()
    return _wheel(folder, {"${name}.py": open("${name}.py").read()})


def build_editable(folder, config_settings=None, metadata_directory=None):
    return _wheel(folder, {"${name}.pth": os.getcwd() + "\\n"})


def _wheel(folder, files):
    info = "${name}-1.0.dist-info/"
    files[info + "METADATA"] = "Metadata-Version: 2.1\\nName: ${name}\\nVersion: 1.0\\n"
    files[info + "WHEEL"] = "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
    files[info + "RECORD"] = "".join(name + ",,\\n" for name in [*files, info + "RECORD"])
    wheel = "${name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(folder, wheel), "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return wheel


def on_build():
${(onBuild || 'pass')
  .trim()
  .split('\n')
  .map((line) => `    ${line}`)
  .join('\n')}
`;
}
