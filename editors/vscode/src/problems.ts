import { type Diagnostic, type DiagnosticCollection, extensions, type TextDocument, Uri, workspace } from 'vscode';
import {
  DefaultDiagnosticCollectionProvider,
  type DiagnosticCollectionSource,
  type DiagnosticProviderMiddleware,
  vsdiag,
} from 'vscode-languageclient/node';

/** What the server says of a text that is no JSON. */
const NO_JSON = 'E0001';

/** The lists of problems, of which closed files can be taken out. */
export class Problems extends DefaultDiagnosticCollectionProvider {
  private readonly lists = new Set<DiagnosticCollection>();

  override create(name: string | undefined, source: DiagnosticCollectionSource): DiagnosticCollection {
    const list = super.create(name, source);
    this.lists.add(list);
    return list;
  }

  override dispose(list: DiagnosticCollection, source: DiagnosticCollectionSource): void {
    this.lists.delete(list);
    super.dispose(list, source);
  }

  forget(uri: Uri): void {
    this.lists.forEach((list) => list.delete(uri));
  }
}

/** Leaves out what the editor says of JSON itself. */
export const sayOnce: Required<DiagnosticProviderMiddleware> = {
  async provideDiagnostics(document, known, token, next) {
    const report = await next(document, known, token);
    return report && leaveOut(document instanceof Uri ? document : document.uri, report);
  },
  provideWorkspaceDiagnostics(known, token, tell, next) {
    return next(known, token, (part) => tell(part && { items: part.items.map((report) => leaveOut(report.uri, report)) }));
  },
};

function leaveOut<Report extends vsdiag.DocumentDiagnosticReport>(uri: Uri, report: Report): Report {
  if (report.kind !== vsdiag.DocumentDiagnosticReportKind.full || !isCheckedByEditor(uri)) return report;
  return { ...report, items: report.items.filter((problem) => codeOf(problem) !== NO_JSON) };
}

/** JSON with comments is another language, which the editor takes as it is. */
function isCheckedByEditor(uri: Uri): boolean {
  const isJson = ({ uri: open, languageId }: TextDocument) => languageId === 'json' && open.toString() === uri.toString();
  const checks = workspace.getConfiguration('json', uri).get('validate.enable', true);
  return checks && extensions.getExtension('vscode.json-language-features') !== undefined && workspace.textDocuments.some(isJson);
}

function codeOf({ code }: Diagnostic): string | number | undefined {
  return typeof code === 'object' ? code.value : code;
}
