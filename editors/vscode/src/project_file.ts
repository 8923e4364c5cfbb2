import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';

const FILES: vscode.DocumentSelector = { pattern: '**/zisc.toml' };

/** The part of JSON schemas that the schema of `zisc.toml` uses. */
interface Schema {
  type?: string;
  description?: string;
  enum?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
}

/** Completion and documentation in `zisc.toml`, from its schema. */
export function registerProjectFile(context: vscode.ExtensionContext): vscode.Disposable {
  let read: Schema | undefined;
  const schema = () => {
    const path = vscode.Uri.joinPath(context.extensionUri, 'schemas', 'zisc-toml.schema.json').fsPath;
    return (read ??= JSON.parse(readFileSync(path, 'utf8')) as Schema);
  };
  return vscode.Disposable.from(
    vscode.languages.registerCompletionItemProvider(FILES, { provideCompletionItems: (document, place) => completions(schema(), document, place) }, '[', '.', '"', '='),
    vscode.languages.registerHoverProvider(FILES, { provideHover: (document, place) => hover(schema(), document, place) }),
  );
}

function completions(schema: Schema, document: vscode.TextDocument, place: vscode.Position): vscode.CompletionItem[] {
  const line = document.lineAt(place).text;
  const before = line.slice(0, place.character);
  const [, table] = /^\s*\[([\w.-]*)$/.exec(before) ?? [];
  if (table !== undefined) {
    const end = line.slice(place.character).startsWith(']') ? '' : ']';
    const around = at(schema, table.split('.').slice(0, -1));
    return members(around).filter(([, found]) => isTable(found)).map(([name, found]) => item(name, found, vscode.CompletionItemKind.Module, `${header([name], found)}${end}`));
  }
  const way = tableAround(document, place.line);
  const inTable = at(schema, way);
  const [, key, quote] = /^\s*"?([\w-]+)"?\s*=\s*("?)[\w-]*$/.exec(before) ?? [];
  if (key !== undefined) {
    const values = member(inTable, key)?.enum ?? [];
    return values.map((value) => item(quote ? value : `"${value}"`, {}, vscode.CompletionItemKind.EnumMember));
  }
  const [, word] = /^\s*([\w-]*)$/.exec(before) ?? [];
  if (word === undefined) return [];
  const keys = members(inTable).filter(([, found]) => !isTable(found)).map(([name, found]) => item(name, found, vscode.CompletionItemKind.Property, keyAndValue(name, found)));
  // A table can begin on any line: one within this table, and those at the top.
  const tables = [...new Map([[way.join('.'), way], ['', []]]).values()].flatMap((way) =>
    members(at(schema, way))
      .filter(([, found]) => isTable(found))
      .map(([name, found]) => item(`[${[...way, name].join('.')}]`, found, vscode.CompletionItemKind.Module, `[${header([...way, name], found)}]`)),
  );
  const range = new vscode.Range(place.translate(0, -word.length), place);
  return [...keys, ...tables].map((offered, number) => Object.assign(offered, { range, sortText: String(number).padStart(4, '0') }));
}

/** What stands between the brackets: `levels`, and `env.production`, where the last name is anyone's choice. */
function header(way: string[], { additionalProperties }: Schema): string {
  const hasOwnNames = typeof additionalProperties === 'object' && isTable(additionalProperties);
  return way.join('.') + (hasOwnNames ? '.${1:production}' : '');
}

function keyAndValue(name: string, { enum: values }: Schema): string {
  const value = values === undefined ? '$1' : values.length === 1 ? values[0] : `\${1|${values.join(',')}|}`;
  return `${name} = "${value}"`;
}

function hover(schema: Schema, document: vscode.TextDocument, place: vscode.Position): vscode.Hover | undefined {
  const range = document.getWordRangeAtPosition(place, /[\w-]+/);
  if (range === undefined) return undefined;
  const text = document.lineAt(place).text;
  const [, table] = /^\s*\[([\w.-]+)\]/.exec(text) ?? [];
  const word = document.getText(range);
  const way = table === undefined ? [...tableAround(document, place.line), word] : table.split('.').slice(0, table.split('.').indexOf(word) + 1);
  const found = at(schema, way);
  if (found?.description === undefined) return undefined;
  const values = found.enum ? `\n\n${found.enum.map((value) => `\`${value}\``).join(' · ')}` : '';
  return new vscode.Hover(new vscode.MarkdownString(found.description + values), range);
}

/** The names of the table that a line is in. */
function tableAround(document: vscode.TextDocument, line: number): string[] {
  for (let at = line; at >= 0; at -= 1) {
    const [, table] = /^\s*\[([\w.-]+)\]/.exec(document.lineAt(at).text) ?? [];
    if (table !== undefined) return table.split('.');
  }
  return [];
}

function at(schema: Schema, way: string[]): Schema | undefined {
  return way.reduce<Schema | undefined>(member, schema);
}

function member(schema: Schema | undefined, name: string): Schema | undefined {
  const others = schema?.additionalProperties;
  return schema?.properties?.[name] ?? (typeof others === 'object' ? others : undefined);
}

function members(table: Schema | undefined): [string, Schema][] {
  return Object.entries(table?.properties ?? {});
}

function isTable({ type }: Schema): boolean {
  return type === 'object';
}

function item(name: string, { description }: Schema, kind: vscode.CompletionItemKind, snippet?: string): vscode.CompletionItem {
  const made = new vscode.CompletionItem(name, kind);
  if (snippet !== undefined) made.insertText = new vscode.SnippetString(snippet);
  if (description !== undefined) made.documentation = new vscode.MarkdownString(description);
  return made;
}
