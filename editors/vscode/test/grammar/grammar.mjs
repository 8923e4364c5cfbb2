// Loads the grammar of .zis the way the editor does.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const textmate = require('vscode-textmate');
const oniguruma = require('vscode-oniguruma');

const extension = join(dirname(fileURLToPath(import.meta.url)), '../..');

export const { INITIAL } = textmate;

export async function loadGrammar(scope = 'source.zis') {
  const { contributes } = JSON.parse(readFileSync(join(extension, 'package.json'), 'utf8'));
  const wasm = readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm'));
  await oniguruma.loadWASM(wasm);
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async (wanted) => {
      const entry = contributes.grammars.find(({ scopeName }) => scopeName === wanted);
      if (entry === undefined) return null;
      const path = join(extension, entry.path);
      return textmate.parseRawGrammar(readFileSync(path, 'utf8'), path);
    },
  });
  return registry.loadGrammar(scope);
}
