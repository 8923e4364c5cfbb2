// What the server is asked beside the protocol, and what it answers. `lsp/METHODS.md` lists these messages.

import type * as vscode from 'vscode';
import type { Location, Range } from 'vscode-languageclient/node';
import type { LanguageServer } from './language_server';

/** A flow as a picture. */
export interface Graph {
  /** Which of `flows` is drawn. */
  flow: number;
  flows: { name: string; range: Range }[];
  svg: string;
  states: GraphState[];
}

export interface GraphState {
  /** The Maps that it lies in, then its own name. */
  way: string[];
  name: Range;
  /** The statement; nothing where nobody wrote it. */
  whole: Range | null;
}

/** The bundle of a source. */
export interface BundleText {
  text: string;
  /** Whether the source has no errors. */
  isWhole: boolean;
  pairs: Pair[];
}

/** A part of a bundle and what it was made from. */
export interface Pair {
  source: Location;
  target: Range;
  /** It is a resource or a state, and no part of one. */
  isWhole: boolean;
}

export type Decompiled = { source: string } | { refusal: string };

export function askGraph(
  server: LanguageServer,
  document: vscode.TextDocument,
  position: vscode.Position | undefined,
  flow: string | undefined,
): Promise<Graph | null | undefined> {
  return server.ask('zisc/graph', { textDocument: { uri: document.uri.toString() }, position, flow });
}

export function askBundle(server: LanguageServer, uri: vscode.Uri): Promise<BundleText | null | undefined> {
  return server.ask('zisc/bundle', { textDocument: { uri: uri.toString() } });
}

export function askDecompiled(server: LanguageServer, text: string): Promise<Decompiled | null | undefined> {
  return server.ask('zisc/decompile', { text });
}

export function contains(range: Range, { line, character }: vscode.Position): boolean {
  const { start, end } = range;
  const isAfter = line > start.line || (line === start.line && character >= start.character);
  const isBefore = line < end.line || (line === end.line && character <= end.character);
  return isAfter && isBefore;
}

/** Orders ranges by their length, the shortest first. */
export function byLength(a: Range, b: Range): number {
  const lines = (range: Range) => range.end.line - range.start.line;
  const columns = (range: Range) => range.end.character - range.start.character;
  return lines(a) - lines(b) || columns(a) - columns(b);
}
