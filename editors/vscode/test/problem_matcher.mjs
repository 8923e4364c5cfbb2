// Checks that the problem matcher `$zisc` reads what `zisc check` prints.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const OUTPUT = `
[E0203] Error: this state is never reached
   ╭─[ flows/ticket.zis:14:9 ]
   │
14 │   Notify: slack.post(text: "hi")
   │   ───┬──
   │      ╰──── every way here ends before it, at \`return\` on line 12
───╯
[W0007] Warning: \`cfg\` is never used
   ╭─[ main.zis:3:5 ]
───╯
`;

const EXPECTED = [
  { code: 'E0203', severity: 'Error', message: 'this state is never reached', file: 'flows/ticket.zis', line: '14', column: '9' },
  { code: 'W0007', severity: 'Warning', message: '`cfg` is never used', file: 'main.zis', line: '3', column: '5' },
];

const { contributes } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const [{ pattern }] = contributes.problemMatchers;

/** The named groups of `step` in `line`, as the editor takes them. */
function fields(step, line) {
  const groups = new RegExp(step.regexp).exec(line);
  const names = Object.keys(step).filter((name) => name !== 'regexp');
  return groups && Object.fromEntries(names.map((name) => [name, groups[step[name]]]));
}

const lines = OUTPUT.split('\n');
const problems = lines.flatMap((line, index) => {
  const found = pattern.map((step, offset) => fields(step, lines[index + offset] ?? ''));
  return found.every((part) => part !== null) ? [Object.assign({}, ...found)] : [];
});
assert.deepEqual(problems, EXPECTED);
console.log('the problem matcher reads the output of zisc check');
