import { type CompletionItem, CompletionItemKind, SnippetString, type TextDocument, workspace } from 'vscode';
import type { CompletionMiddleware } from 'vscode-languageclient/node';
import snippets from '../snippets/zis.json';

/** The words for which the extension has a snippet. */
const WORDS = new Set(Object.values(snippets).map(({ prefix }) => prefix));

/** Leaves out the bare words of the server for which the editor offers a snippet: of two alike, the first is taken. */
export const offerOnce: CompletionMiddleware = {
  async provideCompletionItem(document, position, context, token, next) {
    const offers = await next(document, position, context, token);
    if (!offers || document.languageId !== 'zis' || !showsSnippets(document)) return offers;
    const others = (items: CompletionItem[]) => items.filter((item) => !isBareWord(item));
    return Array.isArray(offers) ? others(offers) : { ...offers, items: others(offers.items) };
  },
};

function isBareWord({ kind, label, insertText }: CompletionItem): boolean {
  return kind === CompletionItemKind.Keyword && typeof label === 'string' && WORDS.has(label) && !(insertText instanceof SnippetString);
}

function showsSnippets(document: TextDocument): boolean {
  const settings = workspace.getConfiguration('editor', document);
  return settings.get('snippetSuggestions') !== 'none' && settings.get('suggest.showSnippets', true);
}
