import { type LogOutputChannel, workspace } from 'vscode';
import { CloseAction, type CloseHandlerResult, ErrorAction, LanguageClient } from 'vscode-languageclient/node';

/**
 * The connection to `zisc lsp`, which writes what goes wrong into the log and opens no boxes by itself.
 *
 * A server that ran and died is started again, a few times; then `givenUp` is called. One that never ran is not:
 * `start` fails, and who called it knows.
 */
export class QuietClient extends LanguageClient {
  constructor(program: string, log: LogOutputChannel, givenUp: () => void) {
    let ran = false;
    super(
      'zisc',
      'zisc',
      { command: program, args: ['lsp'] },
      {
        documentSelector: [
          { scheme: 'file', language: 'zis' },
          { scheme: 'untitled', language: 'zis' },
        ],
        // The settings `zisc.*` go to the server, now and whenever they change.
        initializationOptions: workspace.getConfiguration('zisc'),
        synchronize: { configurationSection: 'zisc' },
        outputChannel: log,
        traceOutputChannel: log,
        initializationFailedHandler: () => false,
        errorHandler: {
          error: () => ({ action: ErrorAction.Continue, handled: true }),
          closed: async (): Promise<CloseHandlerResult> => {
            const result = ran ? await usual.closed() : { action: CloseAction.DoNotRestart };
            if (ran && result.action === CloseAction.DoNotRestart) givenUp();
            return { ...result, handled: true };
          },
        },
      },
    );
    const usual = this.createDefaultErrorHandler();
    this.onDidChangeState(() => (ran ||= this.isRunning()));
  }

  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}
