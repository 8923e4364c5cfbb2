import * as vscode from 'vscode';
import type { Range } from 'vscode-languageclient/node';
import type { LanguageServer } from '../language_server';
import { askBundle, byLength, type BundleText, contains } from '../requests';

const SCHEME = 'zisc-bundle';
const DELAY = 150;

/** The bundle that a source becomes, beside it; where the cursor is in one, the other shows it. */
export function registerBundleView(server: LanguageServer): vscode.Disposable {
  const view = new BundleView(server);
  return vscode.Disposable.from(
    view,
    vscode.commands.registerCommand('zisc.showBundle', () => view.show()),
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, view),
    vscode.languages.registerDefinitionProvider({ scheme: SCHEME }, view),
    vscode.workspace.onDidChangeTextDocument(({ document }) => view.changed(document)),
    vscode.workspace.onDidCloseTextDocument((document) => view.closed(document)),
    vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => view.follow(textEditor)),
    server.onDidChange((runs) => void (runs && view.refreshAll())),
  );
}

class BundleView implements vscode.TextDocumentContentProvider, vscode.DefinitionProvider {
  private readonly shown = new Map<string, BundleText>();
  private readonly waiting = new Map<string, NodeJS.Timeout>();
  private readonly change = new vscode.EventEmitter<vscode.Uri>();
  private readonly mark = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor('editor.hoverHighlightBackground'),
    overviewRulerColor: new vscode.ThemeColor('editorOverviewRuler.wordHighlightForeground'),
  });

  readonly onDidChange = this.change.event;

  constructor(private readonly server: LanguageServer) {}

  async show(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (editor?.document.languageId !== 'zis') {
      void vscode.window.showErrorMessage('Open a .zis file first: its bundle is shown beside it.');
      return;
    }
    const bundle = await vscode.workspace.openTextDocument(bundleOf(editor.document.uri));
    await vscode.window.showTextDocument(bundle, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true, preview: false });
    this.follow(editor);
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const answer = await askBundle(this.server, sourceOf(uri));
    if (answer === undefined) return '';
    this.shown.set(uri.toString(), answer);
    return answer.text;
  }

  provideDefinition(document: vscode.TextDocument, position: vscode.Position): vscode.Location | undefined {
    const source = this.sourceAt(document.uri, position);
    return source && this.server.toEditor?.asLocation(source);
  }

  changed(document: vscode.TextDocument): void {
    if (document.uri.scheme === SCHEME) {
      const editor = vscode.window.activeTextEditor;
      if (editor !== undefined) this.follow(editor);
      return;
    }
    const bundle = bundleOf(document.uri);
    if (document.languageId !== 'zis' || !this.shown.has(bundle.toString())) return;
    clearTimeout(this.waiting.get(bundle.toString()));
    this.waiting.set(bundle.toString(), setTimeout(() => this.change.fire(bundle), DELAY));
  }

  closed(document: vscode.TextDocument): void {
    this.shown.delete(document.uri.toString());
  }

  refreshAll(): void {
    for (const uri of this.shown.keys()) this.change.fire(vscode.Uri.parse(uri));
  }

  /** Shows in the other editor what belongs to the cursor in this one. */
  follow(editor: vscode.TextEditor): void {
    const { document, selection } = editor;
    if (document.uri.scheme === SCHEME) {
      const source = this.sourceAt(document.uri, selection.active);
      if (source) this.point(editorOf(vscode.Uri.parse(source.uri)), source.range, editor);
      return;
    }
    const bundle = bundleOf(document.uri);
    const pairs = this.shown.get(bundle.toString())?.pairs ?? [];
    const here = pairs.filter(({ source }) => isSame(source.uri, document.uri) && contains(source.range, selection.active));
    // Of what comes from one text, the largest part says most: the state rather than its name.
    here.sort((a, b) => byLength(a.source.range, b.source.range) || byLength(b.target, a.target));
    if (here[0]) this.point(editorOf(bundle), here[0].target, editor);
  }

  private sourceAt(bundle: vscode.Uri, position: vscode.Position) {
    const pairs = this.shown.get(bundle.toString())?.pairs ?? [];
    const here = pairs.filter(({ target }) => contains(target, position));
    here.sort((a, b) => byLength(a.target, b.target) || byLength(a.source.range, b.source.range));
    return here[0]?.source;
  }

  private point(editor: vscode.TextEditor | undefined, range: Range, from: vscode.TextEditor): void {
    from.setDecorations(this.mark, []);
    const place = this.server.toEditor?.asRange(range);
    if (editor === undefined || place === undefined) return;
    editor.setDecorations(this.mark, [place]);
    editor.revealRange(place, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }

  dispose(): void {
    this.waiting.forEach((timer) => clearTimeout(timer));
    this.mark.dispose();
    this.change.dispose();
  }
}

/** The name under which the bundle of a source is shown: `main.zis` as `main.bundle.json`. */
function bundleOf(source: vscode.Uri): vscode.Uri {
  return vscode.Uri.from({
    scheme: SCHEME,
    path: `/${source.path.replace(/^.*\//, '').replace(/\.zis$/, '')}.bundle.json`,
    query: source.toString(),
  });
}

function sourceOf(bundle: vscode.Uri): vscode.Uri {
  return vscode.Uri.parse(bundle.query);
}

function editorOf(uri: vscode.Uri): vscode.TextEditor | undefined {
  return vscode.window.visibleTextEditors.find((editor) => isSame(uri.toString(), editor.document.uri));
}

function isSame(uri: string, other: vscode.Uri): boolean {
  return uri === other.toString() || vscode.Uri.parse(uri).toString() === other.toString();
}
