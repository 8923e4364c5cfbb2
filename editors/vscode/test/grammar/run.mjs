// Checks the colours of .zis text: every file in this folder is a program whose lines are followed by what is expected of them.
//
//   flow announce(event) {
//   // <---- storage.type.flow              as many characters from the start of the line
//   //   ^^^^^^^^ entity.name.function.flow  the characters above the carets
//   //            ^^^^^ variable !string      several scopes, and one that must not be there
//
// A scope is expected by its beginning: `keyword.control` accepts `keyword.control.if.zis`.
// The lines of expectations are taken out before the text is coloured, so that they may stand inside a text over several lines.

import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadGrammar, INITIAL } from './grammar.mjs';

const folder = dirname(fileURLToPath(import.meta.url));
const EXPECTATION = /^\s*\/\/ *(?:(?<start><-+)|(?<carets>\^+)) +(?<scopes>\S.*?) *$/;

/** The lines of a case, each with what is expected of it. */
function readCase(text) {
  const lines = [];
  for (const [index, line] of text.split('\n').entries()) {
    const match = EXPECTATION.exec(line);
    const above = lines.at(-1);
    if (match === null || above === undefined) {
      lines.push({ text: line, expectations: [] });
      continue;
    }
    const { start, carets, scopes } = match.groups;
    const from = start ? 0 : line.indexOf('^');
    const to = start ? start.length - 1 : from + carets.length;
    above.expectations.push({ line: index + 1, from, to, scopes: scopes.split(/\s+/) });
  }
  return lines;
}

const hasScope = (token, scope) => token.scopes.some((name) => name === scope || name.startsWith(`${scope}.`));
const holds = (token, scope) => (scope.startsWith('!') ? !hasScope(token, scope.slice(1)) : hasScope(token, scope));

/** What is wrong in one file, as text. */
function failuresIn(grammar, name, text) {
  const failures = [];
  let state = INITIAL;
  for (const { text: line, expectations } of readCase(text)) {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    for (const { line: number, from, to, scopes } of expectations) {
      const covered = tokens.filter((token) => token.startIndex < to && token.endIndex > from);
      for (const token of covered) {
        const missing = scopes.filter((scope) => !holds(token, scope));
        if (missing.length === 0) continue;
        const piece = line.slice(token.startIndex, token.endIndex);
        failures.push(`${name}:${number}: \`${piece}\` should be ${missing.join(' ')}\n    it is ${token.scopes.slice(1).join(' ') || 'plain'}`);
      }
      if (covered.length === 0) failures.push(`${name}:${number}: the line above ends before this place`);
    }
  }
  return failures;
}

const grammar = await loadGrammar();
let passed = 0;
let failed = 0;
for (const name of readdirSync(folder).filter((file) => file.endsWith('.zis')).sort()) {
  const failures = failuresIn(grammar, name, readFileSync(join(folder, name), 'utf8'));
  if (failures.length === 0) passed += 1;
  else failed += 1;
  for (const failure of failures) console.error(failure);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
