import { type LogOutputChannel, type TextDocument, type Uri, workspace } from 'vscode';
import {
  CloseAction,
  type CloseHandlerResult,
  type ClientCapabilities,
  type DocumentSelector,
  ErrorAction,
  LanguageClient,
  type StaticFeature,
} from 'vscode-languageclient/node';
import { isBundle, isNamedBundle } from './bundles';
import { offerOnce } from './offers';
import { Problems, sayOnce } from './problems';

const SOURCES: DocumentSelector = [
  { scheme: 'file', language: 'zis' },
  { scheme: 'untitled', language: 'zis' },
];
const JSON_FILES: DocumentSelector = [
  { scheme: 'file', language: 'json' },
  { scheme: 'file', language: 'jsonc' },
];

/** The commands that the server may have this editor run. */
const COMMANDS = ['zisc.runFlow', 'zisc.showGraph', 'zisc.showReferences', 'zisc.decompile', 'editor.action.triggerParameterHints'];

/** The documents that a server was told of. */
const told = new WeakSet<TextDocument>();

function tell<T>(document: TextDocument, next: (document: TextDocument) => T): T {
  told.add(document);
  return next(document);
}

/** Whether the server knows a file that is not open. Of another nobody would take back what was said of it. */
function isFoundByServer(uri: Uri): boolean {
  return workspace.getWorkspaceFolder(uri) !== undefined && (uri.path.endsWith('.zis') || isNamedBundle(uri));
}

/**
 * The connection to `zisc lsp`, which writes what goes wrong into the log and opens no boxes by itself.
 *
 * A server that ran and died is started again, a few times; then `givenUp` is called. One that never ran is not:
 * `start` fails, and who called it knows.
 */
export class QuietClient extends LanguageClient {
  constructor(program: string, log: LogOutputChannel, givenUp: () => void) {
    let ran = false;
    const problems = new Problems();
    super(
      'zisc',
      'zisc',
      { command: program, args: ['lsp'] },
      {
        documentSelector: [...SOURCES, ...JSON_FILES],
        middleware: {
          ...sayOnce,
          ...offerOnce,
          // The server is told of those JSON files alone that are bundles, and knows nothing of others.
          didOpen: async (document, next) => (document.languageId === 'zis' || isBundle(document) ? tell(document, next) : undefined),
          async didClose(document, next) {
            await next(document);
            if (!isFoundByServer(document.uri)) problems.forget(document.uri);
          },
        },
        diagnosticCollectionProvider: problems,
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
    this.registerFeature(new LensCommands());
    this.leaveFormattingToJson();
  }

  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }

  /** Tells the server of a JSON file that has become a bundle since it was opened. */
  async noteBundle(document: TextDocument): Promise<void> {
    if (isBundle(document) && !told.has(document)) await this.getFeature('textDocument/didOpen').getProvider(document)?.send(document);
  }

  /** JSON has a formatter already, and two would make the editor ask which is meant. */
  private leaveFormattingToJson(): void {
    for (const method of ['textDocument/formatting', 'textDocument/rangeFormatting', 'textDocument/onTypeFormatting'] as const) {
      const feature = this.getFeature(method as 'textDocument/formatting');
      const initialize = feature.initialize.bind(feature);
      feature.initialize = (capabilities) => initialize(capabilities, SOURCES);
    }
  }
}

/** Tells the server which commands its lenses may name. */
class LensCommands implements StaticFeature {
  fillClientCapabilities(capabilities: ClientCapabilities): void {
    capabilities.experimental = { commands: COMMANDS };
  }
  initialize(): void {}
  getState(): { kind: 'static' } {
    return { kind: 'static' };
  }
  clear(): void {}
}
