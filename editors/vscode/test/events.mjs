// Checks which events are found to start a flow, and the examples of all events that there are.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { buildSync } from 'esbuild';

const built = buildSync({ entryPoints: [new URL('../src/events.ts', import.meta.url).pathname], bundle: true, format: 'esm', write: false });
const { eventsOf, example } = await import(`data:text/javascript;base64,${Buffer.from(built.outputFiles[0].contents).toString('base64')}`);

const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
const document = (languageId, text) => ({ languageId, getText: () => text });
const source = (text) => document('zis', `integration acme\n\n${text}\n\nflow main(event) { }\n`);
const started = (document) => eventsOf(document, 'main').map(({ name, label }) => `${name}: ${label}`);

assert.deepEqual(started(source('job a: support.ticket.CommentAdded -> main')), ['support.ticket.CommentAdded: Comment Created']);
assert.deepEqual(started(source('job a: support.ticket.CommentCreated -> main // by another name')), ['support.ticket.CommentCreated: Comment Created']);
assert.deepEqual(started(source('job a: support.ticket.CommentAdded -> main_2\njob b: acme.Own -> main\n// job c: support.ticket.TagsChanged -> main')), []);
const job = { type: 'ZIS::JobSpec', properties: { name: 'a', event_source: 'support', event_type: 'ticket.StatusChanged', flow_name: 'zis:acme:flow:main' } };
assert.deepEqual(started(document('json', JSON.stringify({ resources: { a: job } }))), ['support.ticket.StatusChanged: Status Changed']);
assert.deepEqual(started(document('json', '{ "resources": {')), []);

const { families } = read('../../../compiler/core/data/events.json');
const names = families.flatMap(({ source, events }) => events.map(({ event }) => `${source}.${event}`));
assert(names.length > 50);
for (const name of names) {
  const [event] = eventsOf(source(`job a: ${name} -> main`), 'main');
  const payload = example(event);
  assert.equal(payload[event.root].type, event.label);
  assert.deepEqual(JSON.parse(JSON.stringify(payload)), payload, `${name} has a value that JSON does not have`);
}

/** The members of a value, without what they hold. */
function shape(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.keys(value).sort().map((key) => [key, shape(value[key])])) : null;
}
const [changed] = eventsOf(source('job a: support.ticket.PriorityChanged -> main'), 'main');
const made = example(changed);
const sent = read('workspace/fixtures/urgent.json');
delete made.ticket_event.meta.actor_id;
assert.deepEqual(shape(made), shape(sent));
assert.notEqual(made.ticket_event.current, made.ticket_event.previous);
console.log(`${names.length} events have an example`);
