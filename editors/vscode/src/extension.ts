// The zisc extension: finds the `zisc` program, runs its language server, and adds what the protocol has no word for:
// each command and view is a file in `commands/`. What the editor knows about the language comes from the server, or
// from the files that package.json names.

import * as vscode from 'vscode';
import { isBundle } from './bundles';
import { registerBundleView } from './commands/bundle_view';
import { registerDecompile } from './commands/decompile';
import { registerGraphView } from './commands/graph_view';
import { registerReferences } from './commands/references';
import { registerRun } from './commands/run';
import { LanguageServer } from './language_server';
import { registerProjectFile } from './project_file';
import { registerSchema } from './schema';
import { registerWalkthrough } from './walkthrough';

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
      if (running.isWanted && change.affectsConfiguration('zisc.path')) void running.restart();
    }),
    vscode.workspace.onDidOpenTextDocument((document) => void (isOurs(document) && running.wake())),
    vscode.workspace.onDidSaveTextDocument((document) => void (isOurs(document) && running.noteSaved(document))),
    registerSchema(context, running),
    registerProjectFile(context),
    registerReferences(running),
    registerGraphView(context, running),
    registerBundleView(running),
    registerDecompile(running),
    registerRun(context, running, log),
    registerWalkthrough(running),
  );
  if (vscode.workspace.textDocuments.some(isOurs)) await running.wake();
  // Commands wait for this function, and a search takes its time in a large folder.
  else void isProject().then((is) => (is ? running.wake() : undefined));
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}

/** Whether it is for a document that the language server runs: most JSON files are none of its business. */
function isOurs(document: vscode.TextDocument): boolean {
  return document.languageId === 'zis' || isBundle(document);
}

/** Whether a folder that is open has a project, at its top or anywhere in it, or a bundle. */
async function isProject(): Promise<boolean> {
  const isThere = (file: vscode.Uri) => vscode.workspace.fs.stat(file).then(() => true, () => false);
  const folders = vscode.workspace.workspaceFolders ?? [];
  const atTop = await Promise.all(folders.map(({ uri }) => isThere(vscode.Uri.joinPath(uri, 'zisc.toml'))));
  const below = () => vscode.workspace.findFiles('**/{zisc.toml,bundle.json,*.bundle.json}', '**/node_modules/**', 1);
  return atTop.includes(true) || below().then(({ length }) => length > 0, () => false);
}
