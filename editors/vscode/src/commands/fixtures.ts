import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { example, type KnownEvent } from '../events';

/** The files that a run is given. */
export interface Fixtures {
  event: string;
  http: string | undefined;
  account: string | undefined;
}

interface FoundEvent {
  path: string;
  /** What holds the event, and what it says of itself: `ticket_event` and `Comment Created`. */
  root: string | undefined;
  label: string | undefined;
}

interface Found {
  events: FoundEvent[];
  http: string[];
  accounts: string[];
}

/**
 * Lets the person choose an event from the `fixtures` beside a source, first of all those that start the flow, and takes
 * the answers and the account that belong to it: `solved.json` goes with `solved.http.json`, and with `account.json`.
 */
export async function chooseFixtures(source: string, starts: KnownEvent[], last: Fixtures | undefined): Promise<Fixtures | undefined> {
  const found = search(dirname(source));
  const event = await chooseEvent(found, source, starts, last);
  if (event === undefined) return undefined;
  const http = await chooseHttp(found, event, last);
  if (http === undefined) return undefined;
  return { event, http: http === '' ? undefined : http, account: ofStem(event, 'account', found.accounts) };
}

/** The fixtures in a folder and its folder `fixtures`; those of a source in `src`, say, may lie one folder above. */
function search(folder: string): Found {
  const found: Found = { events: [], http: [], accounts: [] };
  const folders = [join(folder, 'fixtures'), folder, join(dirname(folder), 'fixtures')];
  for (const place of folders) {
    for (const name of namesIn(place)) {
      const path = join(place, name);
      if (/(^|\.)http\.json$/.test(name)) found.http.push(path);
      else if (/^account.*\.json$|\.account\.json$/.test(name)) found.accounts.push(path);
      else if (name.endsWith('.json')) {
        const event = readEvent(path);
        if (event) found.events.push({ path, ...event });
      }
    }
    if (found.events.length > 0) break;
  }
  return found;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** An event is a payload such as `{ "ticket_event": … }`, or an envelope with `input`. */
function readEvent(path: string): Omit<FoundEvent, 'path'> | undefined {
  try {
    const whole: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (!isObject(whole)) return undefined;
    const payload = isObject(whole['input']) ? whole['input'] : whole;
    if (payload === whole && !Object.keys(whole).some((key) => key.endsWith('_event'))) {
      return basename(dirname(path)) === 'fixtures' && whole['zis_template_version'] === undefined ? { root: undefined, label: undefined } : undefined;
    }
    const types = Object.entries(payload).map(([root, value]) => ({ root, label: isObject(value) ? value['type'] : undefined }));
    return types.find((event): event is { root: string; label: string } => typeof event.label === 'string') ?? { root: undefined, label: undefined };
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type EventItem = vscode.QuickPickItem & { path?: () => string | undefined | Promise<string | undefined> };

async function chooseEvent(found: Found, source: string, starts: KnownEvent[], last: Fixtures | undefined): Promise<string | undefined> {
  const isMeant = ({ root, label }: FoundEvent) => starts.some((event) => event.root === root && event.label === label);
  const items = (events: FoundEvent[]): EventItem[] =>
    events.sort((a, b) => Number(b.path === last?.event) - Number(a.path === last?.event)).map((event) => eventItem(event, found));
  const meant = items(found.events.filter(isMeant));
  const others = items(found.events.filter((event) => !isMeant(event)));
  const examples = starts.map((event): EventItem => ({
    label: `$(new-file) Write an example of ${event.name}`,
    description: event.label,
    path: () => writeExample(found.events[0] ? dirname(found.events[0].path) : join(dirname(source), 'fixtures'), event),
  }));
  const anotherFile: EventItem = { label: '$(folder-opened) Another file…', alwaysShow: true, path: () => chooseFile(source) };
  const line = (label: string, items: EventItem[]): EventItem[] =>
    items.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...items];
  const choices = [
    ...line('starts the flow', meant.length === 0 ? examples : meant),
    ...line(starts.length === 0 ? '' : 'other events', others),
    ...line('', [...(meant.length === 0 ? [] : examples), anotherFile]),
  ];
  if (found.events.length === 0 && starts.length === 0) {
    const answer = await vscode.window.showErrorMessage(
      `There is no event to run ${basename(source)} with: none lies in a folder "fixtures" beside it.`,
      'Choose a File…',
    );
    return answer && chooseFile(source);
  }
  const chosen = await vscode.window.showQuickPick(choices, {
    title: 'Run with which event?',
    placeHolder: 'An event from the fixtures',
    matchOnDescription: true,
  });
  return chosen?.path?.();
}

function eventItem({ path, label }: FoundEvent, found: Found): EventItem {
  const { http, account } = { http: ofStem(path, 'http', found.http), account: ofStem(path, 'account', found.accounts) };
  const beside = [http && `answers from ${basename(http)}`, account && `account from ${basename(account)}`].filter(Boolean);
  return { label: basename(path), description: label ?? '', detail: beside.join(', '), path: () => path };
}

/** Writes a new file such as `comment_added.json`. */
function writeExample(folder: string, event: KnownEvent): string {
  const stem = event.name.replace(/^.*\./, '').replace(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase();
  const names = Array.from({ length: 99 }, (_, number) => `${stem}${number === 0 ? '' : `_${number + 1}`}.json`);
  const path = join(folder, names.find((name) => !existsSync(join(folder, name))) ?? `${stem}.json`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, `${JSON.stringify(example(event), null, 2)}\n`);
  return path;
}

async function chooseFile(source: string): Promise<string | undefined> {
  const [chosen] =
    (await vscode.window.showOpenDialog({
      defaultUri: vscode.Uri.file(dirname(source)),
      filters: { 'JSON of an event': ['json'] },
      openLabel: 'Run With This Event',
    })) ?? [];
  return chosen?.fsPath;
}

/** The file with the answers to the flow's requests; an empty text for none, nothing where the person left. */
async function chooseHttp(found: Found, event: string, last: Fixtures | undefined): Promise<string | undefined> {
  const own = ofStem(event, 'http', found.http);
  if (found.http.length < 2) return own ?? '';
  const first = last?.event === event ? last.http : own;
  const choices = found.http.map((path) => ({ label: basename(path), description: path === own ? 'has the name of the event' : '', path }));
  choices.sort((a, b) => Number(b.path === first) - Number(a.path === first));
  const none = { label: '$(circle-slash) No answers', description: 'the flow stops at its first request', path: '' };
  const chosen = await vscode.window.showQuickPick(first === undefined ? [none, ...choices] : [...choices, none], {
    title: `Which answers does ${basename(event)} get?`,
    placeHolder: 'Recorded answers to the requests of the flow',
  });
  return chosen?.path;
}

/** Of several files the one that belongs to an event: `solved.http.json` to `solved.json`, else `http.json`, else the only one. */
function ofStem(event: string, sort: 'http' | 'account', files: string[]): string | undefined {
  const stem = basename(event, '.json');
  const named = (name: string) => files.find((path) => basename(path) === name);
  return named(`${stem}.${sort}.json`) ?? named(`${sort}.json`) ?? (sort === 'account' && files.length === 1 ? files[0] : undefined);
}
