import * as vscode from 'vscode';
import { LanguageClient, type LanguageClientOptions } from 'vscode-languageclient/node';
import { findProgram, type MissingProgram } from './program';

/** The `zisc lsp` process and the editor's connection to it. */
export class LanguageServer {
  private client: LanguageClient | undefined;
  /** Starts and stops follow one another, however fast the person asks for them. */
  private turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly extensionPath: string,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  start(): Promise<void> {
    return this.inTurn(() => this.launch());
  }

  stop(): Promise<void> {
    return this.inTurn(() => this.shutDown());
  }

  restart(): Promise<void> {
    return this.inTurn(async () => {
      await this.shutDown();
      await this.launch();
    });
  }

  private inTurn(step: () => Promise<void>): Promise<void> {
    this.turn = this.turn.then(step, step);
    return this.turn;
  }

  private async launch(): Promise<void> {
    const setting = vscode.workspace.getConfiguration('zisc').get('path', '');
    const program = findProgram(setting, this.extensionPath);
    if (!program.found) {
      // Not awaited: the message stays until the person answers it.
      void this.tellMissing(program);
      return;
    }
    this.log.info(`Running ${program.path} lsp`);
    const client = new LanguageClient('zisc', 'zisc', { command: program.path, args: ['lsp'] }, this.options());
    try {
      await client.start();
      this.client = client;
    } catch (error) {
      this.log.error(`${program.path} lsp did not start: ${String(error)}`);
      void this.tellFailed(program.path);
    }
  }

  private async shutDown(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    try {
      await client?.dispose();
    } catch (error) {
      // A server that died on its own has nothing left to stop.
      this.log.warn(`The language server did not stop in order: ${String(error)}`);
    }
  }

  private options(): LanguageClientOptions {
    return {
      documentSelector: [
        { scheme: 'file', language: 'zis' },
        { scheme: 'untitled', language: 'zis' },
      ],
      outputChannel: this.log,
      traceOutputChannel: this.log,
    };
  }

  private async tellMissing(missing: MissingProgram): Promise<void> {
    this.log.error(missing.reason);
    const choice = await vscode.window.showErrorMessage(missing.reason, 'Open Settings', 'Show Log');
    if (choice === 'Open Settings') await openSettings();
    if (choice === 'Show Log') this.log.show();
  }

  private async tellFailed(path: string): Promise<void> {
    const message = `The language server of ${path} did not start. Is it the zisc program?`;
    const choice = await vscode.window.showErrorMessage(message, 'Show Log', 'Open Settings');
    if (choice === 'Show Log') this.log.show();
    if (choice === 'Open Settings') await openSettings();
  }
}

async function openSettings(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.openSettings', 'zisc.path');
}
