// A run as a story: the states in their order, what each decided, sent and got, and how it ended.

import { button, element, icon } from './elements';
import { json } from './json';
import type { FromTimeline, RunShown, ToTimeline, TraceRequest, TraceState } from './messages';

declare function acquireVsCodeApi(): { postMessage(message: FromTimeline): void };
const editor = acquireVsCodeApi();

window.addEventListener('message', ({ data }: MessageEvent<ToTimeline>) => {
  if (data.type === 'running') document.body.classList.add('is-old');
  if (data.type === 'run') show(head(data.run), steps(data.run), ending(data.run));
  if (data.type === 'trouble') {
    show(element('header', { class: 'failed' }, [element('h1', {}, [data.title]), tools()]), element('pre', { class: 'messages' }, [data.text]));
  }
});

function show(...parts: Node[]): void {
  document.body.classList.remove('is-old');
  document.body.replaceChildren(...parts);
  window.scrollTo(0, 0);
}

function tools(): HTMLElement {
  return element('div', { class: 'tools' }, [
    button(icon('M13 8a5 5 0 1 1-1.5-3.5M13 2v3h-3'), 'Run again', () => editor.postMessage({ type: 'again' })),
    button('Other event…', 'Run with another event', () => editor.postMessage({ type: 'other' })),
  ]);
}

function head({ trace, event, http, account }: RunShown): HTMLElement {
  const by = [trace.job_spec ? `started by ${trace.job_spec}` : '', event, http && `answers from ${http}`, account];
  const told = by.filter((text): text is string => Boolean(text));
  return element('header', { class: trace.outcome.status }, [
    element('h1', {}, [trace.flow, element('span', { class: 'badge' }, [trace.outcome.status])]),
    tools(),
    element('p', { class: 'given' }, [told.join('  ·  ')]),
  ]);
}

function steps({ trace }: RunShown): HTMLElement {
  const requests = [...trace.requests];
  const rows = trace.states.map((state) => {
    const sent: TraceRequest[] = [];
    while (requests[0]?.state === state.name) sent.push(requests.shift()!);
    return step(state, sent);
  });
  return element('ol', { class: 'steps' }, rows);
}

function step(state: TraceState, sent: TraceRequest[]): HTMLElement {
  const sort = state.action?.startsWith('zis:common:transform') ? 'jq' : state.type.toLowerCase();
  const name = button(state.name, state.place ? 'Go to its statement' : state.name, () => {
    if (state.place) editor.postMessage({ type: 'go', place: state.place });
  });
  name.className = 'name';
  const title = [name, element('span', { class: 'sort' }, [sort])];
  if (state.action && sort !== 'jq') title.push(element('span', { class: 'action' }, [state.action.replace(/^.*:/, '')]));
  if (Array.isArray(state.output) && state.type === 'Map') title.push(element('span', { class: 'action' }, [`${state.output.length} items`]));
  if (state.seconds) title.push(element('span', { class: 'action' }, [`took ${state.seconds} s`]));
  if (state.next !== undefined && state.rules) title.push(element('span', { class: 'next' }, [`→ ${state.next}`]));

  const told: Node[] = [element('div', { class: 'title' }, title)];
  state.rules?.forEach((rule, at) => told.push(ruleLine(rule, at === state.matched_rule)));
  if (state.matched_rule === 'Default') told.push(element('div', { class: 'line rule' }, ['no rule held: the default']));
  for (const request of sent) told.push(requestLine(request));
  if (state.parameters !== undefined) told.push(value('parameters', state.parameters));
  if (state.output !== undefined) told.push(value(state.result_path ? `result at ${state.result_path}` : 'result', state.output));
  if (state.runtime_error !== undefined) {
    told.push(element('div', { class: 'line error' }, [`failed: ${state.runtime_error}`]));
    if (state.detail) told.push(element('pre', { class: 'line detail' }, [state.detail]));
    if (state.caught) told.push(element('div', { class: 'line' }, [`caught → ${state.next ?? 'the end'}`]));
  }
  const failed = state.runtime_error !== undefined && !state.caught ? ' broke' : '';
  const row = element('li', { class: `step ${sort}${failed}`, style: `--depth: ${state.depth ?? 0}` }, [
    element('time', {}, [`${state.began_seconds ?? 0} s`]),
    element('div', { class: 'told' }, told),
  ]);
  return row;
}

function ruleLine({ wanted, seen }: NonNullable<TraceState['rules']>[0], held: boolean): HTMLElement {
  // "it was true" says nothing new about a rule that wanted exactly this.
  const only = seen.length === 1 ? seen[0] : undefined;
  const isPlain = held && only !== undefined && wanted === `${only.path} == ${JSON.stringify(only.value)}`;
  const was = seen.map(({ path, value }) => {
    const text = value === undefined ? 'missing' : short(value);
    return seen.length === 1 ? `it was ${text}` : `${path} was ${text}`;
  });
  const words = element('span', {}, [element('code', {}, [wanted])]);
  if (!isPlain && was.length > 0) words.append(element('span', { class: 'was' }, [was.join(', ')]));
  return element('div', { class: `line rule ${held ? 'held' : 'missed'}` }, [element('span', { class: 'sign' }, [held ? '✓' : '✗']), words]);
}

function requestLine({ method, url, status, body }: TraceRequest): HTMLElement {
  const good = status !== undefined && status < 400;
  const line = [
    element('span', { class: 'method' }, [method]),
    element('code', {}, [url]),
    element('span', { class: `status ${good ? 'good' : 'bad'}` }, [status === undefined ? 'no answer' : String(status)]),
  ];
  return body === undefined ? element('div', { class: 'line request' }, line) : details('request', line, body);
}

/** A value on one line, and whole where one opens it. */
function value(title: string, whole: unknown): HTMLElement {
  const line = [element('span', { class: 'label' }, [title]), element('code', { class: 'preview' }, [json(whole, true)])];
  return details('value', line, whole);
}

/** A line that opens to a whole value, which is written once somebody wants to see it: it may be large. */
function details(sort: string, line: Node[], whole: unknown): HTMLElement {
  const text = element('pre');
  const made = element('details', { class: `line ${sort}` }, [element('summary', {}, line), text]);
  made.addEventListener('toggle', () => text.append(json(whole)), { once: true });
  return made;
}

function ending({ trace, messages }: RunShown): HTMLElement {
  const { outcome } = trace;
  const place = outcome.state ? ` in ${outcome.state}` : '';
  const count = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`;
  const counts = `${count(trace.states.length, 'state')}, ${count(trace.requests.length, 'request')}, ${trace.seconds} s of the flow’s time`;
  const parts: Node[] = [
    element('p', { class: 'outcome' }, [element('strong', {}, [outcome.status]), `${place}: ${outcome.message ?? outcome.error ?? ''}`]),
  ];
  if (outcome.cause) parts.push(element('pre', { class: 'cause' }, [outcome.cause]));
  parts.push(element('p', { class: 'counts' }, [counts]));
  if (trace.rerun_after_seconds !== undefined) {
    parts.push(element('p', { class: 'note' }, [`The platform would run this flow again from its first state, after ${trace.rerun_after_seconds} s.`]));
  }
  for (const { states, message } of trace.notes ?? []) {
    parts.push(element('p', { class: 'note' }, [states.length > 0 ? `${states.join(', ')}: ${message}` : message]));
  }
  if (messages) parts.push(element('pre', { class: 'messages' }, [messages]));
  parts.push(value('$ at the end', trace.final_data));
  return element('footer', { class: outcome.status }, parts);
}

function short(whole: unknown): string {
  const text = JSON.stringify(whole) ?? 'missing';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

editor.postMessage({ type: 'ready' });
