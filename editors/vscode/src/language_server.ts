import * as vscode from 'vscode';
import { QuietClient } from './quiet_client';
import { findProgram } from './program';

/** The `zisc lsp` process and the editor's connection to it. */
export class LanguageServer {
  private client: QuietClient | undefined;
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
      this.tell(program.reason);
      return;
    }
    this.log.info(`Running ${program.path} lsp`);
    const failed = `${program.path} does not work as the language server. The log says why.`;
    const client = new QuietClient(program.path, this.log, () => this.tell(failed));
    try {
      await client.start();
      this.client = client;
    } catch (error) {
      this.log.error(String(error));
      this.tell(failed);
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

  /** Shows `message`; nobody waits for it, since it stays until the person answers. */
  private tell(message: string): void {
    this.log.error(message);
    void vscode.window.showErrorMessage(message, 'Open Settings', 'Show Log').then((choice) => {
      if (choice === 'Open Settings') void vscode.commands.executeCommand('workbench.action.openSettings', 'zisc.path');
      if (choice === 'Show Log') this.log.show();
    });
  }
}
