// Brings the queries that all editors have to each of them, with the names that it has for captures.
// Usage: node spread_queries.mjs [--check]     With --check it writes nothing, and says which are not as they should be.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

/** Where each editor looks, what it reads, and how it calls what queries/highlights.scm names as Neovim does. */
const EDITORS = [
  { folder: 'neovim/queries/zis', files: ['highlights', 'injections', 'locals', 'tags', 'folds', 'indents'], names: {} },
  {
    folder: 'helix/runtime/queries/zis',
    files: ['highlights', 'injections', 'locals', 'tags'],
    names: {
      boolean: 'constant.builtin.boolean',
      'comment.documentation': 'comment.line.documentation',
      'definition.method': 'definition.function',
      'function.call': 'function',
      'keyword.conditional': 'keyword.control.conditional',
      'keyword.exception': 'keyword.control.exception',
      'keyword.import': 'keyword.control.import',
      'keyword.repeat': 'keyword.control.repeat',
      'keyword.return': 'keyword.control.return',
      module: 'namespace',
      number: 'constant.numeric',
      property: 'variable.other.member',
      'string.escape': 'constant.character.escape',
      'variable.member': 'variable.other.member',
    },
  },
  {
    folder: 'zed/languages/zis',
    files: ['highlights', 'injections'],
    names: {
      'comment.documentation': 'comment.doc',
      module: 'namespace',
      'variable.builtin': 'variable.special',
      'variable.member': 'property',
    },
  },
];

function translate(query, names) {
  return query.replaceAll(/@[a-z.]+/g, (capture) => `@${names[capture.slice(1)] ?? capture.slice(1)}`);
}

const check = process.argv.includes('--check');
for (const { folder, files, names } of EDITORS) {
  for (const file of files) {
    const note = `; Made from editors/tree-sitter-zis/queries/${file}.scm by spread_queries.mjs.\n\n`;
    const text = note + translate(readFileSync(join(here, 'queries', `${file}.scm`), 'utf8'), names);
    const path = join(here, '..', folder, `${file}.scm`);
    if (!check) {
      writeFileSync(path, text);
    } else if (!existsSync(path) || readFileSync(path, 'utf8') !== text) {
      console.error(`${path} is not what its query says: run \`npm run queries\` in editors/tree-sitter-zis`);
      process.exitCode = 1;
    }
  }
}
