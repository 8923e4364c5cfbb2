import { execFile } from 'node:child_process';
import { basename, dirname, relative } from 'node:path';
import * as vscode from 'vscode';
import { eventsOf } from '../events';
import type { LanguageServer } from '../language_server';
import { askGraph } from '../requests';
import { tick } from '../walkthrough';
import type { RunShown, Trace } from '../webview/messages';
import { chooseFixtures, type Fixtures } from './fixtures';
import { RunValues } from './run_values';
import { TimelineView } from './timeline_view';

/** What was run, to run it again. */
interface Run {
  file: string;
  flow: string;
  fixtures: Fixtures;
}

const LARGEST_OUTPUT = 256 * 1024 * 1024;

/** Runs a flow on this machine with an event of the fixtures, and shows what happened. */
export function registerRun(
  context: vscode.ExtensionContext,
  server: LanguageServer,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  const values = new RunValues();
  const timeline = new TimelineView(context.extensionUri, {
    again: () => void again(),
    other: () => void (runner.last ? choose(runner.last.file, runner.last.flow) : undefined),
    closed: () => values.clear(),
  });
  const runner = new Runner(server, log, timeline, values);

  async function choose(file: string, flow: string): Promise<void> {
    const key = `fixtures of ${file} ${flow}`;
    const starts = eventsOf(await vscode.workspace.openTextDocument(file), flow);
    const fixtures = await chooseFixtures(file, starts, context.workspaceState.get<Fixtures>(key));
    if (fixtures === undefined) return;
    await context.workspaceState.update(key, fixtures);
    await runner.run({ file, flow, fixtures });
  }

  async function again(): Promise<void> {
    if (runner.last) await runner.run(runner.last);
    else await vscode.commands.executeCommand('zisc.runFlow');
  }

  return vscode.Disposable.from(
    values,
    timeline,
    vscode.commands.registerCommand('zisc.runFlow', async (uri?: string | vscode.Uri, flow?: string) => {
      const document = await documentOf(uri);
      if (document === undefined) return;
      const chosen = typeof flow === 'string' ? flow : await chooseFlow(server, document);
      if (chosen !== undefined) await choose(document.uri.fsPath, chosen);
    }),
    vscode.commands.registerCommand('zisc.runAgain', again),
  );
}

async function documentOf(uri: string | vscode.Uri | undefined): Promise<vscode.TextDocument | undefined> {
  const named = typeof uri === 'string' ? vscode.Uri.parse(uri) : uri;
  const document = named ? await vscode.workspace.openTextDocument(named) : vscode.window.activeTextEditor?.document;
  if (document?.uri.scheme === 'file' && ['zis', 'json'].includes(document.languageId)) return document;
  const isNew = document?.uri.scheme === 'untitled' && document.languageId === 'zis';
  void vscode.window.showErrorMessage(isNew ? 'Save the file first: what is run is the file.' : 'Open a .zis file first: its flows can be run.');
  return undefined;
}

/** The flow that the cursor is in; of several, the person says which. */
async function chooseFlow(server: LanguageServer, document: vscode.TextDocument): Promise<string | undefined> {
  const graph = await askGraph(server, document, vscode.window.activeTextEditor?.selection.active, undefined);
  if (!graph && !server.isRunning) {
    server.explainSilence();
    return undefined;
  }
  const names = graph?.flows.map(({ name }) => name).filter((name) => name !== '') ?? [];
  if (names.length < 2) {
    if (names.length === 0) void vscode.window.showErrorMessage(`${basename(document.fileName)} has no flow to run.`);
    return names[0];
  }
  const here = graph?.flows[graph.flow]?.name;
  names.sort((a, b) => Number(b === here) - Number(a === here));
  return vscode.window.showQuickPick(names, { title: 'Run which flow?' });
}

class Runner {
  last: Run | undefined;

  constructor(
    private readonly server: LanguageServer,
    private readonly log: vscode.LogOutputChannel,
    private readonly timeline: TimelineView,
    private readonly values: RunValues,
  ) {}

  async run(run: Run): Promise<void> {
    this.last = run;
    const program = this.server.program();
    if (program === undefined) return;
    const open = vscode.workspace.textDocuments.find(({ fileName }) => fileName === run.file);
    // What is run is the file, so the person's last words have to be in it.
    if (open?.isDirty && !(await open.save())) return;

    const folder = dirname(run.file);
    const { event, http, account } = run.fixtures;
    // Names as seen from the source are short in what the program says.
    const words = ['run', basename(run.file), run.flow, '--event', relative(folder, event), '--format', 'json', '--color', 'never'];
    if (http !== undefined) words.push('--http', relative(folder, http));
    if (account !== undefined) words.push('--account', relative(folder, account));
    this.log.info(`Running ${program} ${words.join(' ')} in ${folder}`);
    this.timeline.running(run.flow);
    const progress = { location: vscode.ProgressLocation.Window, title: `Running ${run.flow}` };
    const output = await vscode.window.withProgress(progress, () => execute(program, words, folder));
    this.show(run, output);
  }

  private show(run: Run, { out, messages }: Output): void {
    const trace = traceIn(out);
    if (trace === undefined) {
      this.values.clear();
      this.log.error(messages);
      this.timeline.trouble(`${run.flow} could not be run`, messages);
      return;
    }
    const name = (path: string | undefined) => path && basename(path);
    const { event, http, account } = run.fixtures;
    const shown: RunShown = { trace, file: run.file, event: basename(event), http: name(http), account: name(account), messages };
    this.timeline.show(shown);
    void tick('run');
    this.values.show(trace, dirname(run.file));
  }
}

interface Output {
  out: string;
  messages: string;
}

function execute(program: string, words: string[], folder: string): Promise<Output> {
  return new Promise((done) => {
    execFile(program, words, { cwd: folder, maxBuffer: LARGEST_OUTPUT }, (error, out, messages) => {
      // A number is what the program itself says: that a run failed, for example.
      const own = error && typeof error.code !== 'number' ? String(error) : '';
      done({ out, messages: messages.trim() || own });
    });
  });
}

function traceIn(out: string): Trace | undefined {
  try {
    return JSON.parse(out) as Trace;
  } catch {
    return undefined;
  }
}
