import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

export type FoundProgram = { found: true; path: string };
export type MissingProgram = { found: false; reason: string };

const FILE_NAME = process.platform === 'win32' ? 'zisc.exe' : 'zisc';

/**
 * Where `zisc` is: the setting `zisc.path`, else `bin/` of the extension, else the first on `PATH`.
 *
 * A setting that names no program is an answer of its own, so that nobody works
 * with another `zisc` than the one they chose.
 */
export function findProgram(setting: string, extensionPath: string): FoundProgram | MissingProgram {
  if (setting !== '') {
    const path = setting.startsWith('~/') ? join(homedir(), setting.slice(2)) : setting;
    return isProgram(path)
      ? { found: true, path }
      : { found: false, reason: `The setting zisc.path names ${path}, and there is no program at that place.` };
  }
  const path = [join(extensionPath, 'bin'), ...searchPath()].map((folder) => join(folder, FILE_NAME)).find(isProgram);
  return path === undefined
    ? {
        found: false,
        reason: 'The zisc program was not found on PATH. Install it, or tell where it is in the setting zisc.path.',
      }
    : { found: true, path };
}

function searchPath(): string[] {
  return (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
