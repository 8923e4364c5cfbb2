import * as vscode from 'vscode';
import type { Range } from 'vscode-languageclient/node';
import type { LanguageServer } from '../language_server';
import { askBundle, byLength, type BundleText, contains, type Pair } from '../requests';
import { tick } from '../walkthrough';

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
  /** The state around what is meant, and that itself. */
  private readonly marks = {
    around: vscode.window.createTextEditorDecorationType({
      isWholeLine: true,
      backgroundColor: new vscode.ThemeColor('editor.hoverHighlightBackground'),
      overviewRulerColor: new vscode.ThemeColor('editorOverviewRuler.wordHighlightForeground'),
    }),
    exact: vscode.window.createTextEditorDecorationType({
      backgroundColor: new vscode.ThemeColor('editor.wordHighlightStrongBackground'),
      borderRadius: '2px',
    }),
    incomplete: vscode.window.createTextEditorDecorationType({
      after: { contentText: 'the source has errors: what they touch is not here', color: new vscode.ThemeColor('editorWarning.foreground'), margin: '0 0 0 2em' },
    }),
  };

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
    this.paint(bundle.uri);
    if (this.shown.has(bundle.uri.toString())) void tick('bundle');
    this.server.explainSilence();
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const answer = await askBundle(this.server, sourceOf(uri));
    // What was shown stays until there is something new.
    if (!answer) return this.shown.get(uri.toString())?.text ?? '';
    this.shown.set(uri.toString(), answer);
    return answer.text;
  }

  provideDefinition(document: vscode.TextDocument, position: vscode.Position): vscode.Location | undefined {
    const [pair] = this.pairsInBundle(document.uri, position);
    return pair && this.server.toEditor?.asLocation(pair.source);
  }

  changed(document: vscode.TextDocument): void {
    if (document.uri.scheme === SCHEME) return this.paint(document.uri);
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

  /** Marks in a bundle that was written anew where the cursor is, and whether it is whole. */
  private paint(bundle: vscode.Uri): void {
    const first = new vscode.Range(0, 0, 0, Number.MAX_SAFE_INTEGER);
    const isWhole = this.shown.get(bundle.toString())?.isWhole ?? true;
    editorOf(bundle)?.setDecorations(this.marks.incomplete, isWhole ? [] : [first]);
    const active = vscode.window.activeTextEditor;
    if (active !== undefined) this.follow(active);
  }

  /** Shows in the other editor what belongs to the cursor in this one. */
  follow(editor: vscode.TextEditor): void {
    const { document, selection } = editor;
    if (document.uri.scheme === SCHEME) {
      const pairs = this.pairsInBundle(document.uri, selection.active);
      if (pairs[0]) this.point(editor, editorOf(vscode.Uri.parse(pairs[0].source.uri)), pairs, ({ source }) => source.range);
    } else {
      const bundle = bundleOf(document.uri);
      const pairs = this.pairsInSource(bundle, document.uri, selection.active);
      if (pairs[0]) this.point(editor, editorOf(bundle), pairs, ({ target }) => target);
    }
  }

  /** What belongs to a place in a bundle, the innermost first. */
  private pairsInBundle(bundle: vscode.Uri, position: vscode.Position): Pair[] {
    const here = this.pairs(bundle).filter(({ target }) => contains(target, position));
    return here.sort((a, b) => byLength(a.target, b.target) || byLength(a.source.range, b.source.range));
  }

  /** What belongs to a place in a source, the innermost first. Of what comes from one text, the largest says most. */
  private pairsInSource(bundle: vscode.Uri, file: vscode.Uri, position: vscode.Position): Pair[] {
    const here = this.pairs(bundle).filter(({ source }) => isSame(source.uri, file) && contains(source.range, position));
    return here.sort((a, b) => byLength(a.source.range, b.source.range) || byLength(b.target, a.target));
  }

  private pairs(bundle: vscode.Uri): Pair[] {
    return this.shown.get(bundle.toString())?.pairs ?? [];
  }

  private point(from: vscode.TextEditor, to: vscode.TextEditor | undefined, pairs: Pair[], side: (pair: Pair) => Range): void {
    const place = (pair: Pair | undefined) => pair && this.server.toEditor?.asRange(side(pair));
    const [innermost] = pairs;
    const [exact, around] = [place(innermost), place(pairs.find(({ isWhole }) => isWhole))];
    from.setDecorations(this.marks.around, []);
    from.setDecorations(this.marks.exact, []);
    to?.setDecorations(this.marks.around, around ? [around] : []);
    to?.setDecorations(this.marks.exact, exact && innermost?.isWhole === false ? [exact] : []);
    if (exact) to?.revealRange(exact, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }

  dispose(): void {
    this.waiting.forEach((timer) => clearTimeout(timer));
    Object.values(this.marks).forEach((mark) => mark.dispose());
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
