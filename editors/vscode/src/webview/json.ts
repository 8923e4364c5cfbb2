import { element } from './elements';

const LONGEST_PREVIEW = 400;
/** Keys, texts, numbers and words of JSON; what stands between them stays as it is. */
const WORD = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** A value as JSON in colours, on one line or several. */
export function json(value: unknown, onOneLine = false): DocumentFragment {
  const whole = JSON.stringify(value, null, 2) ?? 'null';
  const text = onOneLine ? whole.slice(0, LONGEST_PREVIEW).replace(/\n\s*/g, ' ') : whole;
  const out = document.createDocumentFragment();
  let end = 0;
  for (const found of text.matchAll(WORD)) {
    const [word, string, colon] = found;
    const sort = colon !== undefined ? 'key' : string !== undefined ? 'string' : /^[tfn]/.test(word) ? 'word' : 'number';
    out.append(text.slice(end, found.index), element('span', { class: sort }, [string ?? word]), colon ?? '');
    end = found.index + word.length;
  }
  out.append(text.slice(end));
  return out;
}
