// The extension in a real VS Code, from the packed .vsix to what a person sees.
//
//   ZISC_BINARY        the program to test; default: target/release/zisc or target/debug/zisc, whichever is younger
//   ZISC_VSCODE_DIR    where install.sh put VS Code; default: target/vscode-e2e
//   ZISC_SCREENSHOTS   where the pictures go; default: target/vscode-e2e/screenshots

import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch } from './vscode.mjs';

const EXPECTED = {
  problem: /stauts.*did you mean `status`/,
  completions: ['id', 'priority', 'requester_id', 'status', 'tags'],
  /** What is shown over the name of a type, and between the words of announce.zis. */
  documentation: /type Reply.*What Slack answers/,
  hints: [': Ticket', ': support.ticket.PriorityChanged'],
  useless: /does not work as the language server/,
  missing: /zisc\.path names .*, and there is no program/,
  /** Words at the top of announce.zis that must not look like plain text, whatever the theme. */
  coloured: ['integration', 'slack', 'Reply', 'bool', 'POST'],
};

const test = dirname(fileURLToPath(import.meta.url));
const extension = join(test, '..');
const target = join(extension, '../../target');
const dir = process.env.ZISC_VSCODE_DIR ?? join(target, 'vscode-e2e');
const pictures = process.env.ZISC_SCREENSHOTS ?? join(target, 'vscode-e2e/screenshots');

/** What is tested, in this order: each finds the window as the one before left it. */
const CHECKS = {
  async 'a program is shown in colours'() {
    await code.openFile('announce.zis');
    const plain = await code.colourOf('=');
    for (const word of EXPECTED.coloured) {
      ensure((await code.colourOf(word)) !== plain, `\`${word}\` has the colour of plain text`);
    }
    await code.screenshot(join(pictures, 'program.png'));
  },

  async 'the definition of a type is shown over its name'() {
    const text = await code.hover('Reply');
    ensure(EXPECTED.documentation.test(text), `shown is: ${text}`);
    await code.screenshot(join(pictures, 'hover.png'));
  },

  async 'types that are not written are shown between the words'() {
    await code.openFile('announce.zis');
    await code.page.waitForFunction(
      (hints) => hints.every((hint) => document.querySelector('.view-lines')?.innerText.replace(/\u00a0/g, ' ').includes(hint)),
      EXPECTED.hints,
      { timeout: 20_000 },
    );
    await code.screenshot(join(pictures, 'hints.png'));
  },

  async 'a mistake is a problem whose message has the right word'() {
    await code.openFile('mistake.zis');
    await code.problems(hasExpectedProblem);
    await code.screenshot(join(pictures, 'problem.png'));
  },

  async 'the message is shown over the mistake'() {
    const text = await code.hover('stauts');
    ensure(EXPECTED.problem.test(text), `shown is: ${text}`);
  },

  async 'a program without mistakes has no problem'() {
    const rows = await code.problems(hasExpectedProblem);
    ensure(!rows.some((row) => row.includes('announce.zis')), `announce.zis has problems: ${rows.join(' | ')}`);
  },

  async 'completion offers the fields of a ticket'() {
    await code.openFile('completion.zis');
    await code.goTo(6, 16);
    await code.type('event.ticket_event.ticket.');
    const labels = await code.completions(join(pictures, 'completion.png'));
    const absent = EXPECTED.completions.filter((label) => !labels.includes(label));
    ensure(absent.length === 0, `not offered: ${absent.join(', ')}; offered: ${labels.join(', ')}`);
  },

  async 'a program that is no language server is told'() {
    replaceProgram('/bin/false');
    await code.command('zisc: Restart Language Server');
    const messages = await code.notifications((shown) => shown.some((message) => EXPECTED.useless.test(message)));
    ensure(messages.length === 1, `one message is enough, shown were: ${messages.join(' | ')}`);
    await code.problems((rows) => !hasExpectedProblem(rows));
  },

  async 'a program that is gone is told, and the settings are one click away'() {
    rmSync(program);
    await code.command('zisc: Restart Language Server');
    await code.notifications((messages) => messages.some((message) => EXPECTED.missing.test(message)));
    await code.screenshot(join(pictures, 'missing.png'));
    await code.answer('Open Settings');
    await code.page.waitForSelector('.settings-editor');
  },

  async 'the language server comes back with its program'() {
    replaceProgram(findBinary());
    await code.command('zisc: Restart Language Server');
    await code.problems(hasExpectedProblem);
  },

  async 'the log names the program'() {
    await code.command('zisc: Show Log');
    await code.page.waitForSelector('.output-view');
    ensure(code.logs().includes(`Running ${program} lsp`), 'the log does not say which program runs');
  },
};

const hasExpectedProblem = (rows) => rows.some((row) => EXPECTED.problem.test(row));

const scratch = mkdtempSync(join(tmpdir(), 'zisc-end-to-end-'));
const workspace = join(scratch, 'acme');
const program = join(scratch, 'zisc');
let passed = 0;
let failed = 0;
let code;
try {
  replaceProgram(findBinary());
  cpSync(join(test, 'workspace'), workspace, { recursive: true });
  const vsix = packExtension();
  const settings = { 'zisc.path': program, 'workbench.colorTheme': 'Default Dark Modern' };
  code = await launch({ dir, workspace, vsix, settings });
  for (const [name, check] of Object.entries(CHECKS)) await run(name, check);
} catch (error) {
  failed += 1;
  console.log(`FAILED  VS Code starts with the extension: ${error.message}`);
} finally {
  if (failed > 0 && code) console.log(code.logs());
  await code?.close();
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`screenshots: ${pictures}`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

async function run(name, check) {
  try {
    await check();
    passed += 1;
    console.log(`ok      ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name}: ${error.message}`);
    await code.screenshot(join(pictures, `failed-${failed}.png`));
  }
}

/** Makes the program that the setting names be `binary`. */
function replaceProgram(binary) {
  rmSync(program, { force: true });
  symlinkSync(binary, program);
}

/** The program that is tested; where none was built yet, it is built now. */
function findBinary() {
  if (process.env.ZISC_BINARY) return resolve(process.env.ZISC_BINARY);
  const age = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const [binary] = ['debug', 'release'].map((profile) => join(target, profile, 'zisc')).sort((a, b) => age(b) - age(a));
  if (age(binary) === 0) execFileSync('cargo', ['build', '--quiet'], { cwd: dirname(target), stdio: 'inherit' });
  return binary;
}

function packExtension() {
  execFileSync('npm', ['run', '--silent', 'package'], { cwd: extension, stdio: ['ignore', 'ignore', 'inherit'] });
  return join(extension, 'zisc.vsix');
}

function ensure(holds, message) {
  if (!holds) throw new Error(message);
}
