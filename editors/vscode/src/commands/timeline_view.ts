import { dirname } from 'node:path';
import * as vscode from 'vscode';
import type { FromTimeline, RunShown, ToTimeline } from '../webview/messages';
import { optionsFor, page } from '../webview_page';
import { placeIn } from './run_values';

/** What can be done from within the view, and when it closes. */
interface Answers {
  again(): void;
  other(): void;
  closed(): void;
}

/** A run as a story, beside the source: one paragraph for each state. */
export class TimelineView {
  private panel: vscode.WebviewPanel | undefined;
  private message: ToTimeline | undefined;

  constructor(
    private readonly extension: vscode.Uri,
    private readonly answers: Answers,
  ) {}

  running(flow: string): void {
    this.tell({ type: 'running', flow });
  }

  show(run: RunShown): void {
    this.tell({ type: 'run', run });
  }

  trouble(title: string, text: string): void {
    this.tell({ type: 'trouble', title, text });
  }

  private tell(message: ToTimeline): void {
    this.message = message;
    this.panel ??= this.open();
    if (message.type === 'run') this.panel.title = `Run ${message.run.trace.flow}`;
    if (!this.panel.visible) this.panel.reveal(undefined, true);
    void this.panel.webview.postMessage(message);
  }

  private open(): vscode.WebviewPanel {
    const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    const panel = vscode.window.createWebviewPanel('zisc.timeline', 'Run', place, optionsFor(this.extension));
    panel.iconPath = vscode.Uri.joinPath(this.extension, 'images', 'file.svg');
    panel.webview.html = page(panel.webview, this.extension, 'timeline');
    panel.webview.onDidReceiveMessage((message: FromTimeline) => this.hear(message));
    panel.onDidDispose(() => {
      this.panel = undefined;
      this.answers.closed();
    });
    return panel;
  }

  private hear(message: FromTimeline): void {
    if (message.type === 'ready' && this.message) void this.panel?.webview.postMessage(this.message);
    if (message.type === 'again') this.answers.again();
    if (message.type === 'other') this.answers.other();
    if (message.type === 'go') this.goTo(message.place);
  }

  private goTo(place: string): void {
    const file = this.message?.type === 'run' ? this.message.run.file : '';
    const at = placeIn(place, dirname(file));
    if (at === undefined) return;
    const uri = vscode.Uri.file(at.file);
    const shown = vscode.window.visibleTextEditors.find(({ document }) => document.uri.fsPath === uri.fsPath);
    const selection = new vscode.Range(at.position, at.position);
    void vscode.window.showTextDocument(uri, { viewColumn: shown?.viewColumn ?? vscode.ViewColumn.One, selection });
  }

  dispose(): void {
    this.panel?.dispose();
  }
}
