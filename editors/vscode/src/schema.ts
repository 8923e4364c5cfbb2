import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { LanguageServer } from './language_server';

/**
 * The schema of bundles, for as long as the language server does not run: where it does, it says the same and more,
 * and nobody wants to read it twice.
 */
export function registerSchema(context: vscode.ExtensionContext, server: LanguageServer): vscode.Disposable {
  const change = new vscode.EventEmitter<vscode.Uri>();
  const asked = new Map<string, vscode.Uri>();
  const provider: vscode.TextDocumentContentProvider = {
    onDidChange: change.event,
    provideTextDocumentContent(uri) {
      asked.set(uri.toString(), uri);
      return server.isRunning ? '{}' : readFileSync(vscode.Uri.joinPath(context.extensionUri, 'schemas', uri.path).fsPath, 'utf8');
    },
  };
  return vscode.Disposable.from(
    change,
    vscode.workspace.registerTextDocumentContentProvider('zisc-schema', provider),
    server.onDidChange(() => asked.forEach((uri) => change.fire(uri))),
  );
}
