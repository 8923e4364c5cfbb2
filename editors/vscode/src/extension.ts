// The zisc extension: finds the `zisc` program, runs its language server, and offers two commands.
// What the editor knows about the language comes from the server, or from the files that package.json names.

import * as vscode from 'vscode';
import { LanguageServer } from './language_server';

let server: LanguageServer | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel('zisc', { log: true });
  const running = new LanguageServer(context.extensionPath, log);
  server = running;

  context.subscriptions.push(
    log,
    vscode.commands.registerCommand('zisc.restartServer', () => running.restart()),
    vscode.commands.registerCommand('zisc.showLog', () => log.show()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('zisc.path')) void running.restart();
    }),
  );
  await running.start();
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}
