import * as vscode from 'vscode';
import type { LanguageServer } from './language_server';

/** What a person can have done with the extension: the steps of the walkthrough wait for it. */
type Step = 'install' | 'run' | 'graph' | 'bundle';

const done = new Set<Step>();

/** Ticks the walkthrough's steps. */
export function registerWalkthrough(server: LanguageServer): vscode.Disposable {
  return vscode.Disposable.from(
    server.onDidChange((runs) => void (runs && tick('install'))),
    // The walkthrough's page is of no kind that the editor tells extensions of.
    vscode.window.tabGroups.onDidChangeTabs(({ opened }) => {
      if (opened.some(({ input }) => input === undefined)) done.forEach((step) => void tick(step));
    }),
  );
}

/** The editor hears of a step in the moment that it is done, and only once its page was opened. */
export async function tick(step: Step): Promise<void> {
  done.add(step);
  for (const isNow of [true, false]) await vscode.commands.executeCommand('setContext', `zisc.did.${step}`, isNow);
}
