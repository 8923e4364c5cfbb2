import * as vscode from 'vscode';
import { QuietClient } from './quiet_client';
import { chooseProgram, findProgram } from './program';

/** The `zisc lsp` process and the editor's connection to it. */
export class LanguageServer {
  private client: QuietClient | undefined;
  /** Starts and stops follow one another, however fast the person asks for them. */
  private turn: Promise<void> = Promise.resolve();
  private readonly change = new vscode.EventEmitter<boolean>();
  /** Says beside the language's name that the server does not run, for as long as that is so. */
  private trouble: vscode.LanguageStatusItem | undefined;

  /** Something was opened or asked that the server is for. */
  isWanted = false;

  /** The server answers from now on, or does not any more. */
  readonly onDidChange = this.change.event;

  constructor(
    private readonly extensionPath: string,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** Starts it, where nobody has asked for it yet. */
  async wake(): Promise<void> {
    if (!this.isWanted) await this.restart();
  }

  stop(): Promise<void> {
    return this.inTurn(() => this.shutDown());
  }

  restart(): Promise<void> {
    this.isWanted = true;
    return this.inTurn(async () => {
      await this.shutDown();
      await this.launch();
    });
  }

  /**
   * Asks the server. `null` is its answer that there is nothing; `undefined` is none, because an edit came first or no
   * server runs.
   */
  async ask<T>(method: string, parameters: object): Promise<T | null | undefined> {
    await this.wake();
    await this.turn;
    try {
      return await this.client?.sendRequest<T | null>(method, parameters);
    } catch (error) {
      this.log.debug(`${method}: ${String(error)}`);
      return undefined;
    }
  }

  get isRunning(): boolean {
    return this.client !== undefined;
  }

  /** Turns what the server says into the editor's own. */
  get toEditor(): QuietClient['protocol2CodeConverter'] | undefined {
    return this.client?.protocol2CodeConverter;
  }

  /** Says why there was no answer, where no server is the reason. */
  explainSilence(): void {
    if (!this.isRunning && this.program() !== undefined) this.tell('The language server does not run. The log says why.');
  }

  /** Tells the server of a file that may have become a bundle. */
  async noteSaved(document: vscode.TextDocument): Promise<void> {
    await this.wake();
    await this.client?.noteBundle(document);
  }

  /** The program that is to be run; where there is none, the person is told. */
  program(): string | undefined {
    const program = findProgram(this.extensionPath);
    if (program.found) return program.path;
    this.tell(program.reason);
    return undefined;
  }

  private inTurn(step: () => Promise<void>): Promise<void> {
    this.turn = this.turn.then(step, step);
    return this.turn;
  }

  private async launch(): Promise<void> {
    const program = this.program();
    if (program === undefined) return;
    this.log.info(`Running ${program} lsp`);
    const failed = `${program} does not work as the language server. The log says why.`;
    const client = new QuietClient(program, this.log, () => this.tell(failed));
    try {
      await client.start();
      this.client = client;
      this.trouble?.dispose();
      this.trouble = undefined;
      this.change.fire(true);
    } catch (error) {
      this.log.error(String(error));
      this.tell(failed);
    }
  }

  private async shutDown(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (client) this.change.fire(false);
    try {
      await client?.dispose();
    } catch (error) {
      // A server that died on its own has nothing left to stop.
      this.log.warn(`The language server did not stop in order: ${String(error)}`);
    }
  }

  /** Shows `message`, which nobody waits for: an error with answers would stay there, even when the server is back. */
  private tell(message: string): void {
    const answers: Record<string, () => unknown> = {
      'Set Path…': chooseProgram,
      'How to Install': () =>
        vscode.commands.executeCommand('workbench.action.openWalkthrough', { category: 'zisc.zisc#start', step: 'install' }),
      'Show Log': () => this.log.show(),
    };
    this.log.error(message);
    this.trouble ??= vscode.languages.createLanguageStatusItem('zisc.trouble', { language: 'zis' });
    Object.assign(this.trouble, {
      text: 'zisc does not run',
      severity: vscode.LanguageStatusSeverity.Error,
      command: { title: 'Try Again', command: 'zisc.restartServer' },
    });
    void vscode.window.showWarningMessage(message, ...Object.keys(answers)).then((choice) => answers[choice ?? '']?.());
  }
}
