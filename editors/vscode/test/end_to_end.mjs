// The extension in a real VS Code, from the packed .vsix to what a person sees.
//
//   ZISC_BINARY        the program to test; default: target/release/zisc or target/debug/zisc, whichever is younger
//   ZISC_VSCODE_DIR    where install.sh put VS Code; default: target/vscode-e2e
//   ZISC_SCREENSHOTS   where the pictures go; default: target/vscode-e2e/screenshots
//   ZISC_THEME         the colour theme; default: Default Dark Modern
//
// With `--pictures` those that the README shows are written to images/.

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch, until } from './vscode.mjs';

const EXPECTED = {
  problem: /stauts.*did you mean `status`/,
  completions: ['id', 'priority', 'requester_id', 'status', 'tags'],
  /** What is shown over the name of a type, and between the words of announce.zis. */
  documentation: /type Reply.*What Slack answers/,
  hints: [': Ticket', ': support.ticket.PriorityChanged'],
  notRun: /tell could not be run .*`ticket` has no field `stauts`.*mistake\.zis:7:/,
  fix: /write `status`|status/,
  meaning: 'rgb(156, 220, 253)',
  useless: /does not work as the language server/,
  schema: /The format of bundles/,
  missing: /zisc\.path names .*, and there is no program/,
  lost: /no state called `Gone`/,
  /** What a run with urgent.json tells, beside the source and at the ends of its lines. */
  timeline: ['started by on_priority', 'LoadSettings', '$.input.ticket_event.ticket.priority == "urgent"', 'https://slack.com/api/chat.postMessage', '200', 'succeeded in SettingsPatch'],
  values: ['priority = "urgent" → Words', 'reply = { "ok": true, "ts": "1715000000.000100" }', 'waited 1.5 s'],
  refused: ['external action failed due to status code: 503', 'caught → Fail', 'failed in Fail'],
  /** Words at the top of announce.zis that must not look like plain text, whatever the theme. */
  coloured: ['integration', 'slack', 'Reply', 'bool', 'POST'],
};

const test = dirname(fileURLToPath(import.meta.url));
const extension = join(test, '..');
const target = join(extension, '../../target');
const dir = process.env.ZISC_VSCODE_DIR ?? join(target, 'vscode-e2e');
const pictures = process.env.ZISC_SCREENSHOTS ?? join(target, 'vscode-e2e/screenshots');

const makesPictures = process.argv.includes('--pictures');

/** What is tested, in this order: each finds the window as the one before left it. */
const CHECKS = {
  async 'a project wakes the language server'() {
    await until('the language server', () => code.logs(), (logs) => logs.includes(`Running ${program} lsp`), 20_000);
  },

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

  async 'the walkthrough ticks what was done before it was opened, and nothing that failed'() {
    await code.closeAll();
    await code.command('Welcome: Open Walkthrough');
    await code.pick('Write your first ZIS flow');
    const ticked = () => code.page.locator('[data-done-step-id][aria-checked="true"]').evaluateAll((all) => all.map((step) => step.dataset.doneStepId.replace(/.*#/, '')));
    await until('a step that is ticked', ticked, (steps) => steps.includes('install'), 20_000);
    await code.page.locator('[data-step-id$="#run"]').click();
    await code.page.locator('.getting-started-step.expanded').getByText('Run Flow with an Event', { exact: true }).click();
    await code.notifications((messages) => messages.some((message) => /Open a \.zis file first/.test(message)));
    ensure(!(await ticked()).includes('run'), 'a run that did not happen is ticked');
    await code.closeAll();
    await code.command('Notifications: Clear All Notifications');
  },

  async 'completion offers the fields of a ticket'() {
    await code.openFile('completion.zis');
    await code.goTo(6, 16);
    await code.type('event.ticket_event.ticket.');
    const labels = await code.completions(() => code.screenshot(join(pictures, 'completion-half-written.png')));
    const absent = EXPECTED.completions.filter((label) => !labels.includes(label));
    ensure(absent.length === 0, `not offered: ${absent.join(', ')}; offered: ${labels.join(', ')}`);
    // The picture shows a program without a mistake.
    await code.type('status');
    await code.problems((rows) => !rows.some((row) => row.startsWith('completion.zis')));
    await code.press('Control+1');
    await code.goTo(6, 42);
    await code.completions(() => picture('completion', 425));
  },

  async 'a name is changed at all its places'() {
    await code.openFile('announce.zis');
    await code.goTo(50, 8);
    await code.rename('requester');
    await code.shown((text) => text.includes('let requester: ') && text.includes('${requester.user.email}') && text.includes('asked_by: requester.user'));
    await code.screenshot(join(pictures, 'rename.png'));
    await code.press('Control+Z');
    await code.shown((text) => text.includes('let asker: '));
  },

  async 'a fix mends a mistake'() {
    await code.openFile('mistake.zis');
    await code.goTo(7, 43);
    await code.fix(EXPECTED.fix, join(pictures, 'fix.png'));
    await code.shown((text) => text.includes('${ticket.status}'));
    await code.problems((rows) => !hasExpectedProblem(rows));
    await code.press('Control+1', 'Control+Z');
    await code.problems(hasExpectedProblem);
  },

  async 'a file is formatted when it is saved'() {
    await code.openFile('unformatted.zis');
    await code.goTo(2, 1);
    await code.type(' ');
    await code.press('Control+S');
    const saved = await until('the formatted file', () => readFileSync(join(workspace, 'unformatted.zis'), 'utf8'), (text) => text.includes('flow tidy(event) {'), 20_000);
    ensure(saved.endsWith('\n\nflow tidy(event) {\n  succeed "done"\n}\n'), `saved was: ${saved}`);
  },

  async 'words are coloured by what they mean'() {
    await code.openFile('announce.zis');
    // No theme has this colour: it belongs to the meaning alone, see the settings at the end.
    const colours = () => code.page.locator('.editor-instance .view-line span > span').evaluateAll((all) => all.map((word) => [word.textContent, getComputedStyle(word).color]));
    const found = await until('a word in the colour of its meaning', colours, (all) => all.some(([, colour]) => colour === EXPECTED.meaning), 20_000);
    const words = found.filter(([, colour]) => colour === EXPECTED.meaning).map(([word]) => word.trim());
    ensure(words.includes('channel'), `coloured as parameters are: ${words.join(' ')}`);
  },

  async 'a flow is drawn, and its picture follows the cursor'() {
    await code.closeAll();
    await code.command('View: Hide Panel');
    await code.openFile('announce.zis');
    await code.goTo(52, 5);
    await code.inTitle('Show Flow Graph');
    graph = await code.view('g.state[data-state="Post"]');
    await graph.waitForSelector('g.state.here[data-state="Post"]');
    await code.press('Control+1');
    await code.goTo(39, 3);
    await graph.waitForSelector('g.state.here[data-state="IfTicketPriority"]');
    ensure((await graph.$$('g.state.here')).length === 1, 'one state is under the cursor');
    await picture('graph', Infinity, graph.locator('g.state > .box, .zisc-diagram'));
  },

  async 'a click on a state puts the cursor at its statement'() {
    await graph.locator('g.state[data-state="LoadSettings"]').click();
    await code.at(37, 3);
    await graph.waitForSelector('g.state.here[data-state="LoadSettings"]');
  },

  async 'the picture is drawn anew while one types, from broken text too'() {
    await code.press('Control+1');
    await code.goTo(59, 1);
    await code.type('Pause: wait 20s\ngoto Nowhere\n');
    await graph.waitForSelector('g.state[data-state="Pause"]');
    await graph.waitForSelector('g.state.broken[data-state="Wait1_5s"]');
    await code.screenshot(join(pictures, 'graph-broken.png'));
    await code.closeAll();
  },

  async 'a flow is run with an event, and its states are told beside it'() {
    await code.openFile('announce.zis');
    await code.goTo(52, 5);
    await code.lens('run with an event');
    await code.pick('urgent.json');
    await code.pick('urgent.http.json');
    timeline = await code.view('.steps .step');
    const told = oneLine(await timeline.locator('body').innerText());
    const absent = EXPECTED.timeline.filter((text) => !told.includes(text));
    ensure(absent.length === 0, `not told: ${absent.join(' | ')}; told was: ${told}`);
    await code.press('Control+1');
    // The values at the ends of the lines need more room than the story.
    for (let step = 0; makesPictures && step < 4; step += 1) await code.command('Increase Editor Width');
    await picture('run', Infinity, timeline.locator('.step'));
  },

  async 'the values of the run stand at the ends of their lines, and fade once the text changes'() {
    const values = () => code.page.evaluate(() => [...document.querySelectorAll('.editor-instance .view-line span')].map((word) => getComputedStyle(word, '::after')).filter(({ content }) => content !== 'none' && content !== 'normal').map(({ content, opacity }) => ({ content: content.replaceAll('\\', ''), opacity })));
    const all = (found) => EXPECTED.values.every((value) => found.some(({ content }) => content.includes(value)));
    const fresh = await until('the values of the run', values, all, 20_000);
    ensure(fresh.every(({ opacity }) => opacity === '1'), 'the values are clear');
    await code.goTo(57, 1);
    await code.type(' ');
    await until('the values to fade', values, (found) => all(found) && found.filter(({ content }) => content.includes('→')).every(({ opacity }) => opacity === '0.5'), 20_000);
    await code.screenshot(join(pictures, 'run-old.png'));
    await code.press('Backspace');
  },

  async 'a click on a state of the run leads to its statement'() {
    await timeline.locator('.step .name', { hasText: 'ZendeskGetUser' }).click();
    await code.at(50, 3);
  },

  async 'a run that fails says where and why'() {
    await timeline.locator('button', { hasText: 'Other event' }).click();
    await code.pick('urgent.json');
    await code.pick('refused.http.json');
    await timeline.waitForSelector('footer.failed');
    const told = oneLine(await timeline.locator('body').innerText());
    const absent = EXPECTED.refused.filter((text) => !told.includes(text));
    ensure(absent.length === 0, `not told: ${absent.join(' | ')}; told was: ${told}`);
    await code.screenshot(join(pictures, 'run-failed.png'));
    await code.closeAll();
  },

  async 'a flow with mistakes is not run, and one is told so'() {
    await code.openFile('mistake.zis');
    await code.command('zisc: Run Flow with an Event');
    await code.pick('urgent.json');
    await code.pick('No answers');
    const trouble = await code.view('header.failed');
    ensure(EXPECTED.notRun.test(oneLine(await trouble.locator('body').innerText())), 'the view shows the mistake');
    const wraps = await trouble.locator('.messages').evaluate((box) => {
      box.style.width = '120px';
      return box.scrollWidth <= box.clientWidth;
    });
    ensure(wraps, 'long lines of the message wrap');
    await trouble.locator('.messages').evaluate((box) => (box.style.width = ''));
    await code.screenshot(join(pictures, 'run-not.png'));
    await code.closeAll();
  },

  async 'a flow that has no event yet is run with an example of the one that starts it'() {
    await code.openFile('greet.zis');
    await code.command('zisc: Run Flow with an Event');
    ensure(/Write an example of support.ticket.CommentAdded/.test((await code.choices())[0]), 'the example comes first');
    await code.screenshot(join(pictures, 'run-example.png'));
    await code.pick('Write an example');
    await code.pick('No answers');
    timeline = await code.view('footer.succeeded');
    const told = oneLine(await timeline.locator('body').innerText());
    ensure(told.includes('comment_added.json') && told.includes('comment 4711: some body'), `told was: ${told}`);
    await timeline.locator('button', { hasText: 'Other event' }).click();
    ensure(/^comment_added\.json/.test((await code.choices())[0]), 'the event of the flow comes first now');
    await code.press('Escape');
    await code.closeAll();
  },

  async 'a bundle is shown beside its source, and each shows where the other is'() {
    await code.openFile('announce.zis');
    await code.command('zisc: Show Bundle JSON Beside');
    await code.goTo(52, 5);
    const marked = (group) => () => code.page.locator('.editor-group-container').nth(group).locator('.rangeHighlight, .view-overlays [class*="ced-"]').count();
    await code.shown((text) => text.includes('"Post": {') && text.includes('zis:acme_announcer:action:slack.post_message'), 2);
    await until('a marked part of the bundle', marked(1), (count) => count > 0, 20_000);
    await picture('bundle', 700);
    await code.page.locator('.editor-group-container').nth(1).locator('.view-line', { hasText: '"ActionName": "zis:acme_announcer:action:slack.post_message"' }).click();
    await code.page.keyboard.press('F12');
    await code.at(52, 21);
    await code.closeAll();
  },

  async 'bundle JSON opens as source'() {
    await code.openFile('legacy.bundle.json');
    await code.command('zisc: Open Bundle as .zis');
    await code.shown((text) => text.includes('integration example_integration') && text.includes('flow announce_status(event) {'), 2);
    await code.screenshot(join(pictures, 'decompile.png'));
    await code.closeAll();
  },

  async 'a bundle that is pasted into an empty source becomes source, and another one in it stays JSON'() {
    await code.openFile('pasted.zis');
    await code.paste(readFileSync(join(workspace, 'legacy.bundle.json'), 'utf8'));
    await code.shown((text) => text.includes('flow announce_comment(event'));
    await code.screenshot(join(pictures, 'paste.png'));
    await code.paste(readFileSync(join(workspace, 'legacy.bundle.json'), 'utf8'));
    await code.shown((text) => text.includes('"ActionName": "zis:'));
    await code.closeAll();
  },

  async 'a program that is no language server is told'() {
    replaceProgram('/bin/false');
    await code.command('zisc: Restart Language Server');
    const messages = await code.notifications((shown) => shown.some((message) => EXPECTED.useless.test(message)));
    ensure(messages.length === 1, `one message is enough, shown were: ${messages.join(' | ')}`);
    await code.problems((rows) => !hasExpectedProblem(rows));
  },

  async 'a program that is gone is told, and how to install it is one click away'() {
    rmSync(program);
    await code.command('zisc: Restart Language Server');
    await code.notifications((messages) => messages.some((message) => EXPECTED.missing.test(message)));
    await code.screenshot(join(pictures, 'missing.png'));
    await code.command('View: Hide Panel');
    await code.answer('How to Install');
    await code.page.waitForSelector('.gettingStartedContainer .step-title');
    await code.screenshot(join(pictures, 'walkthrough.png'));
    await code.closeAll();
  },

  async 'without the program, a run says that it is gone'() {
    await code.openFile('announce.zis');
    await code.command('zisc: Run Flow with an Event');
    const messages = await code.notifications((shown) => shown.some((message) => EXPECTED.missing.test(message)));
    ensure(!messages.some((message) => /no flow to run/.test(message)), `shown were: ${messages.join(' | ')}`);
    await code.closeAll();
  },

  async 'without the program, a bundle has its schema and the project file its words'() {
    await code.openFile('legacy.bundle.json');
    ensure(EXPECTED.schema.test(await code.hover('zis_template_version')), 'the schema tells what the member is');
    await code.closeAll();
    await code.openFile('zisc.toml');
    await code.goTo(2, 1);
    const settings = await code.completions(() => code.screenshot(join(pictures, 'project-file.png')));
    const absent = ['load_config', 'jq_none', '[levels]', '[env]'].filter((label) => !settings.includes(label));
    ensure(absent.length === 0, `not offered: ${absent.join(', ')}; offered: ${settings.join(', ')}`);
    await code.type('load');
    await code.accept('load_config');
    await code.shown((text) => text.includes('load_config = "bare"'));
    await code.press('Escape', 'Escape', 'End', 'Enter');
    await code.type('lev');
    await code.accept('[levels]');
    await code.press('Enter');
    await code.type('not-enc');
    await code.accept('not-encoded');
    await code.shown((text) => /\n\[levels\]\nnot-encoded = "\w+"/.test(text));
    await code.closeAll();
  },

  async 'the language server comes back with its program'() {
    replaceProgram(findBinary());
    await code.command('zisc: Restart Language Server');
    await code.problems(hasExpectedProblem);
    await code.notifications((messages) => messages.length === 0);
  },

  async 'the log names the program'() {
    await code.command('zisc: Show Log');
    await code.page.waitForSelector('.output-view');
    ensure(code.logs().includes(`Running ${program} lsp`), 'the log does not say which program runs');
  },

  async 'a bundle of any name wakes the language server, and other JSON does not'() {
    const starts = () => code.logs().split(`Running ${program} lsp`).length;
    await code.openFolder(elsewhere);
    const before = starts();
    await code.openFile('other.json');
    await code.command('zisc: Show Log');
    await code.page.waitForSelector('.output-view');
    ensure(starts() === before, 'the server runs for JSON that is no bundle');
    await code.openFile('deploy.json');
    await code.page.locator('.editor-instance .codelens-decoration a', { hasText: 'open as .zis' }).first().waitFor();
    ensure(starts() === before + 1, 'the server runs for the bundle');
  },

  async 'a word is offered once, and becomes what it begins'() {
    await code.openFile('new.zis');
    const offered = async (word) => {
      await code.type(word);
      const rows = code.page.locator('.suggest-widget.visible .monaco-list-row .label-name');
      const labels = await until(`the offer ${word}`, () => rows.allInnerTexts(), (labels) => labels.includes(word), 20_000);
      ensure(labels.filter((label) => label === word).length === 1, `offered: ${labels.join(', ')}`);
      await code.accept(word);
    };
    await offered('flow');
    await code.shown((text) => text.includes('flow announce(event) {'));
    await code.press('Escape', 'Control+End', 'ArrowUp', 'End', 'Enter');
    await offered('if');
    await code.shown((text) => text.includes('if condition {'));
    await code.closeAll();
    await code.problems((rows) => rows.length === 0);
  },

  async 'what is no JSON is told once, and what is wrong with a bundle is told while it is open'() {
    const isLost = (row) => EXPECTED.lost.test(row);
    await code.openFile('deploy.json');
    await code.problems((rows) => rows.some(isLost));
    await code.press('Control+1');
    await code.goTo(3, 9);
    await code.type(' x ');
    const rows = await code.problems((rows) => rows.some((row) => / json /.test(row)) && !rows.some(isLost));
    ensure(!rows.some((row) => / zisc /.test(row)), `told twice: ${rows.join(' | ')}`);
    await code.press('Control+1', 'Backspace', 'Backspace', 'Backspace');
    await code.problems((rows) => rows.some(isLost));
    await code.closeAll();
    await code.problems((rows) => !rows.some(isLost));
  },
};

const hasExpectedProblem = (rows) => rows.some((row) => EXPECTED.problem.test(row));

const scratch = mkdtempSync(join(tmpdir(), 'zisc-end-to-end-'));
const workspace = join(scratch, 'acme');
/** A folder that nothing but its JSON says anything about. */
const elsewhere = join(scratch, 'elsewhere');
const program = join(scratch, 'zisc');
let passed = 0;
let failed = 0;
let code;
let graph;
let timeline;
try {
  replaceProgram(findBinary());
  cpSync(join(test, 'workspace'), workspace, { recursive: true });
  const vsix = packExtension();
  makeFiles();
  const settings = {
    'zisc.path': program,
    'workbench.colorTheme': process.env.ZISC_THEME ?? 'Default Dark Modern',
    'editor.formatOnSave': true,
    'editor.semanticTokenColorCustomizations': { rules: { parameter: '#9cdcfd' } },
  };
  code = await launch({ dir, workspace, vsix, settings, ...(makesPictures && { width: 1760, height: 1000 }) });
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

/** A picture that the README shows: of the editors, as high as there is room for whole `parts`, or `height` pixels. */
async function picture(name, height, parts) {
  await code.screenshot(join(pictures, `${name}.png`));
  if (!makesPictures) return;
  // What stands at the ends of lines needs the room of the side bar.
  await code.press('Control+B');
  await code.page.locator('.part.sidebar').waitFor({ state: 'hidden' });
  await code.pictureOfEditors(join(extension, `images/${name}.png`), height, parts);
  await code.press('Control+B');
  await code.page.locator('.part.sidebar').waitFor();
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

/** Files that are made: a bundle that is in nobody's source, as one that was written by hand. */
function makeFiles() {
  const bundle = execFileSync(program, ['build', join(extension, '../../tests/examples/slack_on_status_change')], { encoding: 'utf8' });
  mkdirSync(elsewhere);
  writeFileSync(join(elsewhere, 'deploy.json'), bundle.replace(/"StartAt": "\w+"/, '"StartAt": "Gone"'));
  // Elsewhere the editor's own settings hold, in which snippets are offered.
  mkdirSync(join(elsewhere, '.vscode'));
  writeFileSync(join(elsewhere, '.vscode/settings.json'), '{ "editor.snippetSuggestions": "inline" }\n');
  writeFileSync(join(elsewhere, 'new.zis'), '');
  writeFileSync(join(elsewhere, 'other.json'), '{ "name": "other" }\n');
  writeFileSync(join(workspace, 'legacy.bundle.json'), bundle);
  writeFileSync(join(workspace, 'pasted.zis'), '');
  writeFileSync(join(workspace, 'zisc.toml'), '[platform]\n');
}

function oneLine(text) {
  return text.replace(/\s+/g, ' ').trim();
}

function ensure(holds, message) {
  if (!holds) throw new Error(message);
}
