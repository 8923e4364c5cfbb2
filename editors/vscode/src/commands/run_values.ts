import { resolve } from 'node:path';
import * as vscode from 'vscode';
import type { Trace, TraceState } from '../webview/messages';

const LONGEST = 90;
const LONGEST_HOVER = 4000;

/** A value at the end of a line. */
interface Shown {
  line: number;
  text: string;
  hover: vscode.MarkdownString;
  isError: boolean;
}

/** What the last run found, at the ends of the lines that it came by; dimmed once the text has changed since. */
export class RunValues implements vscode.Disposable {
  private file: string | undefined;
  private shown: Shown[] = [];
  private isOld = false;
  private readonly types = {
    fresh: decoration('editorCodeLens.foreground', ''),
    failed: decoration('editorError.foreground', ''),
    old: decoration('editorCodeLens.foreground', '; opacity: 0.5'),
  };
  private readonly watching = vscode.Disposable.from(
    vscode.workspace.onDidChangeTextDocument((change) => this.changed(change)),
    vscode.window.onDidChangeVisibleTextEditors(() => this.paint()),
  );

  show(trace: Trace, folder: string): void {
    this.clear();
    const byLine = new Map<number, TraceState[]>();
    for (const state of trace.states) {
      const at = state.place === undefined ? undefined : placeIn(state.place, folder);
      if (at === undefined) continue;
      this.file = at.file;
      byLine.set(at.position.line, [...(byLine.get(at.position.line) ?? []), state]);
    }
    this.shown = [...byLine].map(([line, states]) => shownAt(line, states, trace));
    this.isOld = false;
    this.paint();
  }

  clear(): void {
    this.shown = [];
    this.paint();
    this.file = undefined;
  }

  /** Moves the values with their lines, and dims them: who knows whether they would be the same now. */
  private changed({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    if (this.file === undefined || document.fileName !== this.file || contentChanges.length === 0) return;
    for (const { range, text } of contentChanges) {
      const moved = text.split('\n').length - 1 - (range.end.line - range.start.line);
      for (const value of this.shown) {
        const isBehind = value.line > range.start.line || (value.line === range.start.line && range.end.character === 0);
        if (isBehind) value.line = Math.max(range.start.line, value.line + moved);
      }
    }
    this.isOld = true;
    this.paint();
  }

  private paint(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document.fileName !== this.file) continue;
      const options = (wanted: (value: Shown) => boolean) => this.shown.filter(wanted).map((value) => inEditor(editor, value));
      editor.setDecorations(this.types.fresh, options(({ isError }) => !this.isOld && !isError));
      editor.setDecorations(this.types.failed, options(({ isError }) => !this.isOld && isError));
      editor.setDecorations(this.types.old, options(() => this.isOld));
    }
  }

  dispose(): void {
    this.watching.dispose();
    Object.values(this.types).forEach((type) => type.dispose());
  }
}

/** A file and a position, from `main.zis:12:3` as seen from `folder`. */
export function placeIn(place: string, folder: string): { file: string; position: vscode.Position } | undefined {
  const [, file, line, column] = /^(.*):(\d+):(\d+)$/.exec(place) ?? [];
  if (file === undefined) return undefined;
  return { file: resolve(folder, file), position: new vscode.Position(Number(line) - 1, Number(column) - 1) };
}

function decoration(color: string, style: string): vscode.TextEditorDecorationType {
  return vscode.window.createTextEditorDecorationType({
    // The only way to make text fainter than its theme has it.
    after: { color: new vscode.ThemeColor(color), margin: '0 0 0 2.5em', fontStyle: 'italic', textDecoration: `none${style}` },
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedOpen,
  });
}

function inEditor(editor: vscode.TextEditor, { line, text, hover }: Shown): vscode.DecorationOptions {
  const end = editor.document.lineAt(Math.min(line, editor.document.lineCount - 1)).range.end;
  return { range: new vscode.Range(end, end), hoverMessage: hover, renderOptions: { after: { contentText: text } } };
}

/** Several states of one line: those of one statement, or of several rounds. */
function shownAt(line: number, states: TraceState[], trace: Trace): Shown {
  const last = states.at(-1)!;
  const rounds = states.filter(({ name }) => plain(name) === plain(last.name)).length;
  // What computes the values for a statement is told of where one hovers.
  const told = [...new Map(states.map((state) => [plain(state.name), state])).values()].filter(({ name }) => !name.endsWith('.Values') || name === last.name);
  const sentences = told.map((state) => sentence(state, trace)).filter((text) => text !== '');
  const count = rounds > 1 ? `${rounds}× ` : '';
  const hover = new vscode.MarkdownString();
  states.slice(-3).forEach((state) => describe(state, hover));
  const isError = (last.runtime_error !== undefined && !last.caught) || last.type === 'Fail';
  return { line, text: shortened(count + sentences.join('  ·  ')), hover, isError };
}

/** The name of a state without the rounds it is in: `Each.Post` of `Each[0].Post`. */
function plain(name: string): string {
  return name.replace(/\[\d+\]/g, '');
}

function sentence(state: TraceState, { outcome }: Trace): string {
  if (state.runtime_error !== undefined) return `✗ ${state.runtime_error}${state.caught ? ` → ${state.next ?? 'caught'}` : ''}`;
  if (state.type === 'Choice') return choice(state);
  if (state.type === 'Succeed' && outcome.state === state.name) return `✓ ${outcome.message ?? ''}`;
  if (state.type === 'Fail' && outcome.state === state.name) return `✗ ${outcome.error ?? ''}`;
  if (state.type === 'Wait') return `waited ${state.seconds ?? 0} s`;
  if (state.output === undefined) return '';
  const path = state.result_path?.replace(/^\$\.?/, '');
  return path ? `${path} = ${compact(state.output)}` : compact(state.output);
}

/** `is_public = true → PostComment`: what was looked at, and where it led. */
function choice({ rules = [], next }: TraceState): string {
  const seen = new Map(rules.flatMap((rule) => rule.seen).map(({ path, value }) => [path.replace(/^.*\./, ''), value]));
  const values = [...seen].map(([name, value]) => `${name} = ${value === undefined ? 'missing' : compact(value)}`);
  return [values.slice(-2).join(', '), next === undefined ? '' : `→ ${next}`].filter((text) => text !== '').join(' ');
}

function describe(state: TraceState, hover: vscode.MarkdownString): void {
  hover.appendMarkdown(`**${state.name}** in the last run\n`);
  const block = (title: string, value: unknown) => {
    hover.appendMarkdown(`\n${title}\n`).appendCodeblock(JSON.stringify(value, null, 2).slice(0, LONGEST_HOVER), 'json');
  };
  if (state.parameters !== undefined) block('parameters', state.parameters);
  if (state.output !== undefined) block(`result${state.result_path ? ` at ${state.result_path}` : ''}`, state.output);
  if (state.rules) hover.appendCodeblock(state.rules.map(({ wanted }, at) => `${at === state.matched_rule ? '✓' : '✗'} ${wanted}`).join('\n'), 'text');
}

/** JSON with a little room: `{ "ok": true }`. */
function compact(value: unknown): string {
  return JSON.stringify(value, null, 1).replace(/\n\s*/g, ' ');
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}
