import * as vscode from 'vscode';
import { isBundle } from '../bundles';
import type { LanguageServer } from '../language_server';
import { askGraph, byLength, contains, type Graph } from '../requests';
import { tick } from '../walkthrough';
import type { FromGraph, ToGraph, Way } from '../webview/messages';
import { optionsFor, page } from '../webview_page';

const DELAY = 120;

/** The flow under the cursor as a picture beside the text, drawn anew while the person types. */
export function registerGraphView(context: vscode.ExtensionContext, server: LanguageServer): vscode.Disposable {
  const view = new GraphView(context.extensionUri, server);
  return vscode.Disposable.from(
    view,
    vscode.commands.registerCommand('zisc.showGraph', (uri?: string | vscode.Uri, flow?: unknown) => view.show(uri, flow)),
    vscode.window.onDidChangeActiveTextEditor((editor) => view.turnTo(editor)),
    vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => view.moved(textEditor)),
    vscode.workspace.onDidChangeTextDocument(({ document }) => view.changed(document)),
    vscode.languages.onDidChangeDiagnostics(() => view.mark()),
    server.onDidChange((runs) => void (runs && view.draw())),
  );
}

class GraphView {
  private panel: vscode.WebviewPanel | undefined;
  private editor: vscode.TextEditor | undefined;
  private graph: Graph | undefined;
  private timer: NodeJS.Timeout | undefined;
  /** Which question was asked last: only its answer is drawn. */
  private question = 0;

  constructor(
    private readonly extension: vscode.Uri,
    private readonly server: LanguageServer,
  ) {}

  /** A lens names the file and the flow in words, a menu the file alone. */
  async show(uri: string | vscode.Uri | undefined, flow: unknown): Promise<void> {
    const wanted = (typeof uri === 'string' ? vscode.Uri.parse(uri) : uri)?.toString();
    const editor = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === wanted) ?? vscode.window.activeTextEditor;
    if (editor === undefined || !hasFlows(editor.document)) {
      void vscode.window.showErrorMessage('Open a .zis file or a bundle first: its flows are drawn beside it.');
      return;
    }
    this.editor = editor;
    this.panel ??= this.open();
    this.panel.reveal(undefined, true);
    await this.draw(typeof flow === 'string' ? flow : undefined);
    if (this.graph) void tick('graph');
    this.server.explainSilence();
  }

  turnTo(editor: vscode.TextEditor | undefined): void {
    if (this.panel === undefined || editor === undefined || !hasFlows(editor.document)) return;
    this.editor = editor;
    this.drawSoon();
  }

  changed(document: vscode.TextDocument): void {
    if (this.panel !== undefined && document === this.editor?.document) this.drawSoon();
  }

  moved(editor: vscode.TextEditor): void {
    if (this.panel === undefined || !hasFlows(editor.document)) return;
    const isOther = editor.document !== this.editor?.document;
    this.editor = editor;
    const around = this.graph?.flows.findIndex(({ range }, number, flows) => {
      const line = editor.selection.active.line;
      return line >= range.start.line && line < (flows[number + 1]?.range.start.line ?? Infinity);
    });
    if (isOther || (around !== -1 && around !== this.graph?.flow)) this.drawSoon();
    else this.mark();
  }

  /** Draws the flow of this name, else the one around the cursor, else the one that is drawn already. */
  async draw(name?: string): Promise<void> {
    const { editor, panel } = this;
    if (editor === undefined || panel === undefined) return;
    const question = ++this.question;
    const drawn = this.graph?.flows[this.graph.flow]?.name;
    const graph = await askGraph(this.server, editor.document, name === undefined ? editor.selection.active : undefined, name ?? drawn);
    if (question !== this.question || this.panel === undefined || (graph === undefined && this.server.isRunning)) return;
    this.graph = graph ?? undefined;
    const file = vscode.workspace.asRelativePath(editor.document.uri);
    if (!graph) {
      this.tell({ type: 'nothing', reason: this.server.isRunning ? `${file} has no flow to draw.` : 'The language server does not run.' });
      return;
    }
    const flows = graph.flows.map(({ name }) => name);
    panel.title = `Flow ${flows[graph.flow] || 'without a name'}`;
    this.tell({ type: 'draw', file, flow: graph.flow, flows, svg: graph.svg });
    this.mark();
  }

  /** Marks the state under the cursor, and those with mistakes. */
  mark(): void {
    const { editor, graph } = this;
    if (editor === undefined || graph === undefined) return;
    const found = vscode.languages.getDiagnostics(editor.document.uri);
    const statesWith = (severity: vscode.DiagnosticSeverity) =>
      found.filter((finding) => finding.severity === severity).flatMap(({ range }) => statesAt(graph, range.start));
    this.tell({
      type: 'mark',
      here: statesAt(graph, here(editor)),
      errors: statesWith(vscode.DiagnosticSeverity.Error),
      warnings: statesWith(vscode.DiagnosticSeverity.Warning),
    });
  }

  private drawSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.draw(), DELAY);
  }

  private open(): vscode.WebviewPanel {
    const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    const panel = vscode.window.createWebviewPanel('zisc.graph', 'Flow', place, optionsFor(this.extension));
    panel.iconPath = vscode.Uri.joinPath(this.extension, 'images', 'file.svg');
    panel.webview.html = page(panel.webview, this.extension, 'graph');
    panel.webview.onDidReceiveMessage((message: FromGraph) => void this.hear(message));
    panel.onDidDispose(() => {
      this.panel = undefined;
      this.graph = undefined;
    });
    return panel;
  }

  private async hear(message: FromGraph): Promise<void> {
    switch (message.type) {
      case 'ready':
        return this.draw();
      case 'go':
        return this.goTo(this.graph?.states.find(({ way }) => isSame(way, message.way))?.name);
      case 'flow':
        return this.goTo(this.graph?.flows[message.number]?.range);
      case 'save':
        return this.save();
    }
  }

  private async goTo(range: Graph['states'][0]['name'] | undefined): Promise<void> {
    const place = range && this.server.toEditor?.asRange(range);
    const { editor } = this;
    if (place === undefined || editor === undefined) return;
    const selection = new vscode.Range(place.start, place.start);
    const viewColumn = editor.viewColumn ?? vscode.ViewColumn.One;
    this.editor = await vscode.window.showTextDocument(editor.document, { viewColumn, selection });
  }

  private async save(): Promise<void> {
    const { editor, graph } = this;
    const name = graph?.flows[graph.flow]?.name;
    if (editor === undefined || graph === undefined) return;
    const beside = vscode.Uri.joinPath(editor.document.uri, '..', `${name || 'flow'}.svg`);
    const chosen = await vscode.window.showSaveDialog({ defaultUri: beside.with({ scheme: 'file' }), filters: { SVG: ['svg'] } });
    if (chosen) await vscode.workspace.fs.writeFile(chosen, new TextEncoder().encode(graph.svg));
  }

  private tell(message: ToGraph): void {
    void this.panel?.webview.postMessage(message);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.panel?.dispose();
  }
}

function hasFlows(document: vscode.TextDocument): boolean {
  return document.languageId === 'zis' || isBundle(document);
}

/** Where the cursor is; in front of a line's first word, at that word. */
function here({ document, selection }: vscode.TextEditor): vscode.Position {
  const first = document.lineAt(selection.active.line).firstNonWhitespaceCharacterIndex;
  return selection.active.with({ character: Math.max(first, selection.active.character) });
}

/** The states of the innermost statement at a place: a call may need another state in front of it. */
function statesAt(graph: Graph, position: vscode.Position): Way[] {
  const around = graph.states.flatMap(({ way, whole }) => (whole && contains(whole, position) ? [{ way, whole }] : []));
  around.sort((a, b) => byLength(a.whole, b.whole));
  return around.filter(({ whole }) => byLength(whole, around[0]!.whole) === 0).map(({ way }) => way);
}

function isSame(a: Way, b: Way): boolean {
  return a.length === b.length && a.every((name, at) => name === b[at]);
}
