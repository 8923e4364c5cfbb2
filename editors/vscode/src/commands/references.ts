import * as vscode from 'vscode';
import type { Location, Position } from 'vscode-languageclient/node';
import type { LanguageServer } from '../language_server';

/** What a lens names that counts references: shows them as the editor shows references. */
export function registerReferences(server: LanguageServer): vscode.Disposable {
  return vscode.commands.registerCommand('zisc.showReferences', async (uri: string, position: Position, places: Location[]) => {
    const convert = server.toEditor;
    if (convert === undefined || places.length === 0) return;
    const locations = places.map((place) => convert.asLocation(place));
    await vscode.commands.executeCommand('editor.action.showReferences', vscode.Uri.parse(uri), convert.asPosition(position), locations);
  });
}
