// The picture of a flow: draws it, moves and scales it, and tells which state was clicked.

import type { FromGraph, ToGraph, Way } from './messages';
import { button, element, icon } from './elements';

declare function acquireVsCodeApi(): { postMessage(message: FromGraph): void; setState(state: unknown): void };
const editor = acquireVsCodeApi();

const LARGEST = 3;
const SMALLEST = 0.1;
const MARGIN = 16;

const flows = element('select', { class: 'flows', title: 'Which flow is drawn' });
const file = element('span', { class: 'file' });
const scale = button('100 %', 'Show at full size', () => zoom(1 / view.scale));
const bar = element('header', {}, [
  flows,
  file,
  element('div', { class: 'tools' }, [
    button(icon('M2 8h12'), 'Smaller', () => zoom(1 / 1.2)),
    scale,
    button(icon('M2 8h12M8 2v12'), 'Larger', () => zoom(1.2)),
    button(icon('M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4'), 'Fit into the window', () => fit()),
    button(icon('M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11'), 'Save as SVG', () => editor.postMessage({ type: 'save' })),
  ]),
]);
const paper = element('div', { class: 'paper-holder' });
const nothing = element('p', { class: 'nothing', hidden: '' });
const window_ = element('main', {}, [paper, nothing]);
document.body.append(bar, window_);

/** Which part of the picture is seen, and how large. */
const view = { x: 0, y: 0, scale: 1 };
let drawn: string | undefined;
/** The person has moved or scaled the picture, and wants it to stay so. */
let isMoved = false;

flows.addEventListener('change', () => editor.postMessage({ type: 'flow', number: flows.selectedIndex }));
new ResizeObserver(() => {
  if (!isMoved) fit();
}).observe(window_);

window.addEventListener('message', ({ data }: MessageEvent<ToGraph>) => {
  if (data.type === 'draw') draw(data);
  if (data.type === 'mark') mark(data);
  if (data.type === 'nothing') {
    paper.replaceChildren();
    drawn = undefined;
    bar.hidden = true;
    nothing.hidden = false;
    nothing.textContent = data.reason;
  }
});

function draw(data: Extract<ToGraph, { type: 'draw' }>): void {
  bar.hidden = false;
  nothing.hidden = true;
  const picture = new DOMParser().parseFromString(data.svg, 'image/svg+xml').documentElement;
  paper.replaceChildren(document.importNode(picture, true));
  flows.replaceChildren(...data.flows.map((name) => element('option', {}, [name || 'without a name'])));
  flows.selectedIndex = data.flow;
  flows.disabled = data.flows.length < 2;
  file.textContent = data.file;
  const identity = `${data.file} ${data.flow}`;
  if (identity !== drawn || !isMoved) {
    isMoved = false;
    fit();
  } else {
    place();
  }
  drawn = identity;
}

/** The group of each state, by the Maps it lies in and itself. */
function states(): Map<string, SVGGElement> {
  const found = new Map<string, SVGGElement>();
  for (const group of paper.querySelectorAll<SVGGElement>('g.state')) found.set(JSON.stringify(wayOf(group)), group);
  return found;
}

function wayOf(group: Element): Way {
  const way: Way = [];
  for (let at: Element | null = group; at; at = at.parentElement?.closest('g.state') ?? null) {
    way.unshift(at.getAttribute('data-state') ?? '');
  }
  return way;
}

function mark(data: Extract<ToGraph, { type: 'mark' }>): void {
  const groups = states();
  groups.forEach((group) => group.classList.remove('here', 'with-error', 'with-warning'));
  const of = (ways: Way[]) => ways.flatMap((way) => groups.get(JSON.stringify(way)) ?? []);
  of(data.warnings).forEach((group) => group.classList.add('with-warning'));
  of(data.errors).forEach((group) => group.classList.add('with-error'));
  const here = of(data.here);
  here.forEach((group) => group.classList.add('here'));
  const last = here.at(-1);
  if (last) bringIntoView(last);
}

function bringIntoView(group: SVGGElement): void {
  const [box, window] = [group.getBoundingClientRect(), window_.getBoundingClientRect()];
  const away = (start: number, end: number, from: number, to: number) =>
    start < from + MARGIN ? from + MARGIN - start : end > to - MARGIN ? to - MARGIN - end : 0;
  const [x, y] = [away(box.left, box.right, window.left, window.right), away(box.top, box.bottom, window.top, window.bottom)];
  if (x === 0 && y === 0) return;
  view.x += x;
  view.y += y;
  paper.classList.add('glides');
  place();
}

function size(): { width: number; height: number } {
  const svg = paper.querySelector('svg');
  const number = (name: string) => Number(svg?.getAttribute(name) ?? 0);
  return { width: number('width'), height: number('height') };
}

/** The whole picture, but never so small that nobody can read it: then its beginning. */
function fit(): void {
  const { width, height } = size();
  if (width === 0) return;
  const room = { width: window_.clientWidth - 2 * MARGIN, height: window_.clientHeight - 2 * MARGIN };
  const whole = Math.min(1, room.width / width, room.height / height);
  view.scale = Math.max(whole, Math.min(1, room.width / width, 0.75), 0.5);
  view.x = Math.max(MARGIN, (window_.clientWidth - width * view.scale) / 2);
  view.y = Math.max(MARGIN, (window_.clientHeight - height * view.scale) / 3);
  isMoved = false;
  place();
}

function zoom(factor: number, at = { x: window_.clientWidth / 2, y: window_.clientHeight / 2 }): void {
  const next = Math.min(LARGEST, Math.max(SMALLEST, view.scale * factor));
  view.x = at.x - ((at.x - view.x) * next) / view.scale;
  view.y = at.y - ((at.y - view.y) * next) / view.scale;
  view.scale = next;
  isMoved = true;
  place();
}

function place(): void {
  paper.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.scale})`;
  scale.textContent = `${Math.round(view.scale * 100)} %`;
}

window_.addEventListener(
  'wheel',
  (event) => {
    event.preventDefault();
    paper.classList.remove('glides');
    if (event.ctrlKey || event.metaKey) {
      const { left, top } = window_.getBoundingClientRect();
      zoom(Math.exp(-event.deltaY / 300), { x: event.clientX - left, y: event.clientY - top });
    } else {
      view.x -= event.shiftKey ? event.deltaY : event.deltaX;
      view.y -= event.shiftKey ? 0 : event.deltaY;
      isMoved = true;
      place();
    }
  },
  { passive: false },
);

let drag: { x: number; y: number; moved: boolean } | undefined;

window_.addEventListener('pointerdown', (event) => {
  if (event.button === 0) drag = { x: event.clientX, y: event.clientY, moved: false };
});
window.addEventListener('pointermove', (event) => {
  if (!drag) return;
  const [x, y] = [event.clientX - drag.x, event.clientY - drag.y];
  // A hand that trembles while it clicks moves nothing.
  if (!drag.moved && Math.hypot(x, y) < 4) return;
  drag = { x: event.clientX, y: event.clientY, moved: true };
  paper.classList.remove('glides');
  window_.classList.add('grabbed');
  view.x += x;
  view.y += y;
  isMoved = true;
  place();
});
window.addEventListener('pointerup', (event) => {
  const wasDrag = drag?.moved ?? true;
  drag = undefined;
  window_.classList.remove('grabbed');
  if (wasDrag || !(event.target instanceof Element)) return;
  const state = event.target.closest('g.state');
  const jump = event.target.closest('g.jump');
  if (state) editor.postMessage({ type: 'go', way: wayOf(state) });
  else if (jump) {
    const around = jump.closest('g.state');
    editor.postMessage({ type: 'go', way: [...(around ? wayOf(around) : []), jump.getAttribute('data-to') ?? ''] });
  }
});
window.addEventListener('keydown', (event) => {
  if (event.key === '+' || event.key === '=') zoom(1.2);
  if (event.key === '-') zoom(1 / 1.2);
  if (event.key === '0') fit();
});

editor.postMessage({ type: 'ready' });
