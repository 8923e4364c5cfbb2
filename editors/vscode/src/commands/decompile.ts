import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import { declaresBundle, isBundle } from '../bundles';
import type { LanguageServer } from '../language_server';
import { askDecompiled } from '../requests';
import { tick } from '../walkthrough';

const KIND = vscode.DocumentDropOrPasteEditKind.Empty.append('zisc', 'source');

/** Bundle JSON as source: as a command on a bundle, and where one is pasted into a `.zis` file. */
export function registerDecompile(server: LanguageServer): vscode.Disposable {
  const command = vscode.commands.registerCommand('zisc.decompile', (uri?: vscode.Uri | string) => decompile(server, uri));
  const paste = vscode.languages.registerDocumentPasteEditProvider('zis', new BundlePaste(server), {
    pasteMimeTypes: ['text/plain'],
    providedPasteEditKinds: [KIND],
  });
  const mark = (editor = vscode.window.activeTextEditor) =>
    vscode.commands.executeCommand('setContext', 'zisc.isBundle', editor !== undefined && isBundle(editor.document));
  void mark();
  return vscode.Disposable.from(
    command,
    paste,
    vscode.window.onDidChangeActiveTextEditor(mark),
    vscode.workspace.onDidSaveTextDocument(() => void mark()),
  );
}

async function decompile(server: LanguageServer, named: vscode.Uri | string | undefined): Promise<void> {
  // A lens names the file in the words of the protocol.
  const uri = typeof named === 'string' ? vscode.Uri.parse(named) : (named ?? vscode.window.activeTextEditor?.document.uri);
  if (uri === undefined) {
    void vscode.window.showErrorMessage('Open a bundle’s JSON first: it is what becomes source.');
    return;
  }
  const bundle = await vscode.workspace.openTextDocument(uri);
  const answer = await askDecompiled(server, bundle.getText());
  if (!answer) return server.explainSilence();
  if ('refusal' in answer) {
    void vscode.window.showErrorMessage(`${vscode.workspace.asRelativePath(uri)} cannot be opened as source: ${answer.refusal}.`);
    return;
  }
  const document = await vscode.workspace.openTextDocument(newFile(uri));
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, new vscode.Position(0, 0), answer.source);
  await vscode.workspace.applyEdit(edit);
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: false });
  void tick('bundle');
}

/** A file that is not there yet, beside the bundle and with its name. */
function newFile(bundle: vscode.Uri): vscode.Uri {
  const stem = bundle.path.replace(/(\.bundle)?\.json$/, '');
  const names = [`${stem}.zis`, ...Array.from({ length: 99 }, (_, number) => `${stem}-${number + 2}.zis`)];
  const free = names.find((path) => !existsSync(bundle.with({ path }).fsPath)) ?? `${stem}.zis`;
  return vscode.Uri.from({ scheme: 'untitled', path: bundle.with({ path: free }).fsPath });
}

class BundlePaste implements vscode.DocumentPasteEditProvider {
  constructor(private readonly server: LanguageServer) {}

  async provideDocumentPasteEdits(
    document: vscode.TextDocument,
    ranges: readonly vscode.Range[],
    data: vscode.DataTransfer,
  ): Promise<vscode.DocumentPasteEdit[]> {
    const text = await data.get('text/plain')?.asString();
    // The source has an `integration` of its own, and a file has one.
    if (text === undefined || !declaresBundle(text) || !isBlankAround(document, ranges)) return [];
    const answer = await askDecompiled(this.server, text);
    if (!answer || 'refusal' in answer) return [];
    // A text, and no snippet: dollar signs are paths.
    return [new vscode.DocumentPasteEdit(answer.source, 'Paste the bundle as source', KIND)];
  }
}

/** Whether nothing is left of a document without `ranges`. */
function isBlankAround(document: vscode.TextDocument, ranges: readonly vscode.Range[]): boolean {
  const words = ranges.reduce((count, range) => count + document.getText(range).trim().length, 0);
  return document.getText().trim().length === words;
}
