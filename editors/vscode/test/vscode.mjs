// A real VS Code, as `install.sh` installed it, driven in a headless browser.
//
//   const code = await launch({ dir, workspace, vsix, settings: { 'zisc.path': '/usr/bin/zisc' } });
//   await code.openFile('main.zis');
//   await code.problems((rows) => rows.length > 0);
//   await code.close();
//
// Everything waits for what it needs, and fails with a sentence that says what did not come.

import { execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const SECONDS = 1000;

const BROWSER_FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'];

/** Nothing that moves, asks or helps out while a test runs. */
const QUIET_SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'editor.cursorBlinking': 'solid',
  'editor.minimap.enabled': false,
  // What completion offers comes from the language server, or the test would pass without one.
  'editor.wordBasedSuggestions': 'off',
  'editor.snippetSuggestions': 'none',
  'extensions.ignoreRecommendations': true,
  'files.autoSave': 'off',
  'telemetry.telemetryLevel': 'off',
};

/** Starts VS Code on the folder `workspace`, with the packed extension `vsix` and the user's `settings`. */
export async function launch({ dir, workspace, vsix, settings = {}, width = 1600, height = 900 }) {
  const scratch = mkdtempSync(join(tmpdir(), 'zisc-vscode-'));
  const user = join(scratch, 'user');
  mkdirSync(join(user, 'User'), { recursive: true });
  writeFileSync(join(user, 'User/settings.json'), JSON.stringify({ ...QUIET_SETTINGS, ...settings }));

  const entry = join(dir, 'node_modules/code-server/out/node/entry.js');
  const environment = { ...process.env, XDG_CONFIG_HOME: join(scratch, 'config') };
  const folders = ['--user-data-dir', user, '--extensions-dir', join(scratch, 'extensions')];
  await promisify(execFile)('node', [entry, ...folders, '--install-extension', vsix], { env: environment });

  const server = await startServer(entry, folders, environment);
  const { chromium } = createRequire(join(dir, 'package.json'))('playwright-core');
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: BROWSER_FLAGS });
  const context = await browser.newContext({ viewport: { width, height }, permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  page.setDefaultTimeout(20 * SECONDS);
  const code = new VSCode({ page, browser, server, user, scratch });
  await code.openFolder(workspace);
  return code;
}

class VSCode {
  #browser;
  #server;
  #user;
  #scratch;

  constructor({ page, browser, server, user, scratch }) {
    /** The browser's page, for what has no method here. */
    this.page = page;
    this.#browser = browser;
    this.#server = server;
    this.#user = user;
    this.#scratch = scratch;
  }

  /** Opens another folder in the window. */
  async openFolder(path) {
    await this.page.goto(`${this.#server.url}?folder=${encodeURIComponent(path)}`, { waitUntil: 'domcontentloaded' });
    await this.page.waitForSelector('.explorer-folders-view .monaco-list-row', { timeout: 60 * SECONDS });
  }

  /** Opens a file of the workspace's top folder, to stay open. */
  async openFile(name) {
    await this.page.keyboard.press('Control+1');
    await this.page.dblclick(`.explorer-folders-view .monaco-list-row[aria-label*="${name}"]`);
    await this.page.waitForSelector(`.tab.active[data-resource-name="${name}"]`);
    await this.page.waitForSelector('.editor-instance .monaco-editor .view-line');
    await this.page.keyboard.press('Control+1');
    await this.page.waitForSelector('.editor-instance .monaco-editor.focused');
  }

  /** Runs the command whose whole title in the palette is `title`. What opens late may take the focus, and the palette. */
  async command(title) {
    const input = this.page.locator('.quick-input-widget input[type="text"]');
    const row = this.page.locator(`.quick-input-widget .monaco-list-row[aria-label^="${title}"]`).first();
    for (let attempts = 3; ; attempts -= 1) {
      try {
        await this.page.keyboard.press('F1');
        await input.fill(`>${title}`, { timeout: 6 * SECONDS });
        await row.click({ timeout: 6 * SECONDS });
        break;
      } catch (error) {
        if (attempts === 1) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
    // The list closes, or asks the next question.
    await this.page.waitForFunction((asked) => {
      const list = document.querySelector('.quick-input-widget');
      return list.style.display === 'none' || list.querySelector('input[type="text"]').value !== asked;
    }, `>${title}`);
  }

  /** Puts the cursor of the active editor at line and column, both counted from 1. */
  async goTo(line, column) {
    await this.page.keyboard.press('Control+G');
    const input = this.page.locator('.quick-input-widget input[type="text"]');
    await input.waitFor();
    await input.fill(`:${line}:${column}`);
    await this.page.keyboard.press('Enter');
    await this.at(line, column);
  }

  /** Waits until the cursor of the active editor is at this place. */
  async at(line, column) {
    const place = () => this.page.evaluate(() => /Ln (\d+), Col (\d+)/.exec(document.querySelector('.statusbar')?.textContent)?.slice(1).map(Number));
    await until(`the cursor at ${line}:${column}`, place, (found) => found?.[0] === line && found[1] === column, 20 * SECONDS);
  }

  async type(text) {
    await this.page.keyboard.type(text);
  }

  async press(...keys) {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** Gives what is under the cursor another name. */
  async rename(name) {
    await this.press('F2');
    await this.page.waitForFunction(() => document.activeElement?.closest('.rename-box'));
    await this.press('Control+A');
    await this.type(name);
    await this.press('Enter');
  }

  /** Pastes `text` as a person would. */
  async paste(text) {
    await this.page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
    await this.page.keyboard.press('Control+V');
  }

  /** What the editor in the group `number`, from 1, shows of its file, once `enough` says so of it. */
  async shown(enough, number = 1) {
    const lines = this.page.locator('.editor-group-container').nth(number - 1).locator('.editor-instance .monaco-editor .view-lines').first();
    // The lines lie in the page in the order in which they were painted.
    const look = () =>
      lines.locator('.view-line').evaluateAll((all) =>
        all
          .map((line) => ({ top: parseInt(line.style.top, 10), text: line.textContent.replaceAll('\u00a0', ' ') }))
          .sort((a, b) => a.top - b.top)
          .map(({ text }) => text)
          .join('\n'),
      );
    return until('the expected text', () => look().catch(() => ''), enough, 20 * SECONDS);
  }

  /** Presses the button `label` in the title of the editors. */
  async inTitle(label) {
    await this.page.locator(`.editor-actions .action-label[aria-label^="${label}"]`).first().click();
  }

  /** Presses the last lens in view with the words `label`. */
  async lens(label) {
    await this.page.locator('.editor-instance .codelens-decoration a', { hasText: label }).last().click();
  }

  /** The rows of the list at the top of the window, in their order, once there are some. */
  async choices() {
    const rows = this.page.locator('.quick-input-widget .monaco-list-row');
    await rows.first().waitFor();
    return (await rows.allInnerTexts()).map(oneLine);
  }

  /** Chooses in the list at the top of the window the first row with the words `label`. */
  async pick(label) {
    const row = this.page.locator(`.quick-input-widget .monaco-list-row[aria-label*="${label}"]`).first();
    await row.waitFor();
    await row.click();
  }

  /** Closes all editors; what was not saved is lost. */
  async closeAll() {
    await this.command('View: Close All Editors');
    const lose = this.page.locator('.monaco-dialog-box .monaco-button', { hasText: "Don't Save" });
    const closed = () => this.page.locator('.tab').count();
    await until('all editors to close', async () => {
      if (await lose.isVisible()) await lose.click();
      return closed();
    }, (count) => count === 0, 20 * SECONDS);
  }

  /** Chooses in the menu of fixes at the cursor the one that `label` stands in. */
  async fix(label, picture) {
    const row = this.page.locator('.action-widget .monaco-list-row', { hasText: label }).first();
    // A server that still checks has nothing to mend yet.
    await until('a fix', async () => {
      await this.page.keyboard.press('Control+.');
      return row.waitFor({ timeout: 3 * SECONDS }).then(() => true, async () => (await this.page.keyboard.press('Escape'), false));
    }, (is) => is, 20 * SECONDS);
    await this.screenshot(picture);
    await this.press('Enter');
  }

  /** The frame of the view that holds an element `selector`. */
  async view(selector) {
    const look = async () => {
      for (const frame of this.page.frames()) {
        if (await frame.$(selector).catch(() => null)) return frame;
      }
      return undefined;
    };
    return until(`a view with ${selector}`, look, (frame) => frame !== undefined, 20 * SECONDS);
  }

  /** The texts of the Problems panel, once `enough` says so of them. */
  async problems(enough) {
    const panel = this.page.locator('.markers-panel');
    if (!(await panel.isVisible())) await this.page.keyboard.press('Control+Shift+M');
    await panel.waitFor();
    const rows = panel.locator('.monaco-list-row');
    return until('the expected problems', async () => (await rows.allInnerTexts()).map(oneLine), enough, 30 * SECONDS);
  }

  /** All labels that completion offers at the cursor, in their order; with the list's first page in view, `seen` is called. */
  async completions(seen) {
    const list = this.page.locator('.suggest-widget.visible .monaco-list-row .label-name');
    // A server that still starts has nothing to offer yet, so the question is asked again.
    const ask = async () => {
      await this.page.keyboard.press('Control+Space');
      await list.first().waitFor({ timeout: 5 * SECONDS }).catch(() => this.page.keyboard.press('Escape'));
      return list.allInnerTexts();
    };
    const labels = new Set(await until('a completion', ask, (found) => found.length > 0, 20 * SECONDS));
    await seen();
    // Only the rows in view exist; turning the pages to the end brings the others.
    const chosen = this.page.locator('.suggest-widget.visible .monaco-list-row.focused');
    for (let last = null, row = ''; row !== last; row = await chosen.getAttribute('data-index')) {
      last = row;
      for (const label of await list.allInnerTexts()) labels.add(label);
      await this.page.keyboard.press('PageDown');
      await this.#nextFrame();
    }
    await this.page.keyboard.press('Escape');
    return [...labels];
  }

  /** Takes the offer `label` of the completion that is open, or opens on request. */
  async accept(label) {
    const name = new RegExp(`^${label.replace(/[^\w]/g, '\\$&')}$`);
    const row = this.page.locator('.suggest-widget.visible .monaco-list-row', { has: this.page.locator('.label-name', { hasText: name }) }).first();
    await until(`the offer ${label}`, async () => {
      if (await row.isVisible()) return true;
      await this.page.keyboard.press('Control+Space');
      return row.waitFor({ timeout: 3 * SECONDS }).then(() => true, () => false);
    }, (is) => is, 20 * SECONDS);
    await row.click();
  }

  /** The text that appears over the word `text` of the active editor. */
  async hover(text) {
    const card = this.page.locator('.monaco-hover:not(.hidden) .hover-contents');
    const word = this.page.locator('.editor-instance .view-line span', { hasText: text }).last();
    // A server that still starts has nothing to say yet, so the hand goes away and comes back.
    const look = async () => {
      const { x, y, width, height } = await word.boundingBox();
      await this.page.mouse.move(x + width / 2, y + 8 * height);
      await this.page.mouse.move(x + width / 2, y + height / 2, { steps: 8 });
      await card.first().waitFor({ timeout: 3 * SECONDS }).catch(() => undefined);
      return oneLine((await card.allInnerTexts()).join(' '));
    };
    return until(`a text over ${text}`, look, (shown) => shown !== '' && !/^Loading/.test(shown), 60 * SECONDS);
  }

  /** The messages in the corner with their buttons, once `enough` says so of them. */
  async notifications(enough) {
    const messages = this.page.locator('.notifications-toasts .notification-list-item');
    return until('the expected message', async () => (await messages.allInnerTexts()).map(oneLine), enough, 30 * SECONDS);
  }

  /** Presses the button `name` of a message in the corner. */
  async answer(name) {
    await this.page.locator('.notifications-toasts .monaco-button', { hasText: name }).first().click();
  }

  /** The colour in which the active editor shows `word`, as CSS. */
  async colourOf(word) {
    const piece = this.page.locator('.editor-instance .view-line span > span', { hasText: new RegExp(`^\\s*${word}\\s*$`) });
    return piece.first().evaluate((element) => getComputedStyle(element).color);
  }

  async screenshot(path) {
    mkdirSync(dirname(path), { recursive: true });
    await this.page.screenshot({ path });
  }

  /** A picture of the editors alone: `height` pixels of them, or less where a part of what is shown would be cut off. */
  async pictureOfEditors(path, height, parts) {
    await this.#nextFrame();
    const { x, y, width, height: whole } = await this.page.locator('.part.editor').boundingBox();
    const tallest = Math.min(height, whole);
    const boxes = await Promise.all(((await parts?.all()) ?? []).map((part) => part.boundingBox()));
    const ends = boxes.map((box) => box.y + box.height - y + 10).filter((end) => end <= tallest);
    await this.page.screenshot({ path, clip: { x, y, width, height: Math.max(...ends, ends.length > 0 ? 0 : tallest) } });
  }

  /** What the extension and the editor's own server wrote last. */
  logs() {
    const logs = readdirSync(join(this.#user, 'logs'), { recursive: true })
      .filter((file) => /zisc/i.test(file) && file.endsWith('.log'))
      .map((file) => `--- ${file}\n${lastLines(readFileSync(join(this.#user, 'logs', file), 'utf8'))}`);
    return [...logs, `--- code-server\n${lastLines(this.#server.log())}`].join('\n');
  }

  async close() {
    await this.#browser.close();
    await this.#server.stop();
    rmSync(this.#scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  #nextFrame() {
    return this.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  }
}

/** code-server on a free port of this machine, once it answers. */
async function startServer(entry, folders, env) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const server = spawn(
    'node',
    [entry, ...folders, '--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, '--disable-telemetry', '--disable-update-check', '--disable-workspace-trust', '--disable-getting-started-override'],
    { stdio: ['ignore', 'pipe', 'pipe'], env },
  );
  let log = '';
  server.stdout.on('data', (chunk) => (log += chunk));
  server.stderr.on('data', (chunk) => (log += chunk));
  // Whatever happens to the test, no server outlives it.
  process.once('exit', () => server.kill('SIGTERM'));
  const stop = () =>
    new Promise((stopped) => {
      if (server.exitCode !== null) return stopped();
      server.once('exit', stopped);
      server.kill('SIGTERM');
    });

  const answers = () => fetch(url).then(({ ok }) => ok, () => false);
  try {
    await until('VS Code to start', answers, (ok) => ok || server.exitCode !== null, 60 * SECONDS);
    if (server.exitCode !== null) throw new Error('VS Code ended as it started');
  } catch (error) {
    await stop();
    throw new Error(`${error.message}\n${log}`);
  }
  return { url, stop, log: () => log };
}

function freePort() {
  return new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

/** Asks `look` again and again until `enough` holds of its answer. */
export async function until(what, look, enough, timeout) {
  const end = Date.now() + timeout;
  for (;;) {
    const seen = await look();
    if (enough(seen)) return seen;
    if (Date.now() > end) throw new Error(`waited ${timeout / SECONDS} s for ${what}; seen so far: ${JSON.stringify(seen)}`);
    await new Promise((wait) => setTimeout(wait, 100));
  }
}

const lastLines = (text) => text.trimEnd().split('\n').slice(-60).join('\n');

const oneLine = (text) => text.replace(/\s+/g, ' ').trim();
