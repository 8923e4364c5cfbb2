import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import * as vscode from 'vscode';

export type FoundProgram = { found: true; path: string };
export type MissingProgram = { found: false; reason: string };

const FILE_NAME = process.platform === 'win32' ? 'zisc.exe' : 'zisc';

/**
 * Where `zisc` is: the setting `zisc.path`, else `bin/` of the extension, else the first on `PATH`.
 *
 * A setting that names no program is an answer of its own, so that nobody works
 * with another `zisc` than the one they chose.
 */
export function findProgram(extensionPath: string): FoundProgram | MissingProgram {
  const setting = vscode.workspace.getConfiguration('zisc').get<string>('path', '');
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
        reason: 'The zisc program was not found on PATH. Install it, or tell where it is.',
      }
    : { found: true, path };
}

/** Lets the person choose the program, and remembers it in the setting `zisc.path`. */
export async function chooseProgram(): Promise<void> {
  const [chosen] = (await vscode.window.showOpenDialog({ title: 'Where the zisc program is', openLabel: 'Use This' })) ?? [];
  if (chosen === undefined) return;
  const settings = vscode.workspace.getConfiguration('zisc');
  const inFolder = settings.inspect('path')?.workspaceValue !== undefined;
  await settings.update('path', chosen.fsPath, inFolder ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global);
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
