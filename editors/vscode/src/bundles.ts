import type { TextDocument, Uri } from 'vscode';

/** Whether a document is bundle JSON, by its name or because it says so itself. */
export function isBundle(document: TextDocument): boolean {
  const { languageId, uri } = document;
  const isJson = (languageId === 'json' || languageId === 'jsonc') && uri.scheme !== 'zisc-bundle';
  return isJson && (isNamedBundle(uri) || declaresBundle(document.getText()));
}

export function isNamedBundle({ path }: Uri): boolean {
  return /(^|[/.])bundle\.json$/.test(path);
}

export function declaresBundle(text: string): boolean {
  return /^\s*\{/.test(text) && text.includes('"zis_template_version"');
}
