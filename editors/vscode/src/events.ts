// The events of Zendesk's catalogue: which of them starts a flow, and an example of each to run a flow with.

import type { TextDocument } from 'vscode';
import catalogue from '../../../compiler/core/data/events.json';

type Family = (typeof catalogue.families)[number];
type Field = { field: string; values?: string };

/** An event of the catalogue. */
export interface KnownEvent {
  /** `support.ticket.CommentAdded` */
  name: string;
  /** The member of a payload that holds the event: `ticket_event`. */
  root: string;
  /** What the payload says as its `type`: `Comment Created`. */
  label: string;
  fields: Field[];
}

/** The events for which jobs of a source or a bundle start a flow. */
export function eventsOf(document: TextDocument, flow: string): KnownEvent[] {
  const jobs = document.languageId === 'zis' ? jobsOfSource(document.getText()) : jobsOfBundle(document.getText());
  const names = new Set(jobs.filter((job) => job.flow === flow).map(({ event }) => event));
  return [...names].flatMap((name) => known(name) ?? []);
}

/** A payload as the event sends it, with made-up values. */
export function example({ root, label, fields }: KnownEvent): object {
  return { [root]: { type: label, ...record(fields) } };
}

interface Job {
  event: string;
  flow: string;
}

function jobsOfSource(text: string): Job[] {
  return [...text.matchAll(/^[ \t]*job\s+\w+\s*:\s*([\w.-]+)\s*->\s*(\w+)/gm)].map(([, event = '', flow = '']) => ({ event, flow }));
}

function jobsOfBundle(text: string): Job[] {
  try {
    const { resources } = JSON.parse(text) as { resources: Record<string, { type: string; properties: Record<string, string> }> };
    const jobs = Object.values(resources).filter(({ type }) => type === 'ZIS::JobSpec');
    return jobs.map(({ properties }) => ({
      event: `${properties['event_source']}.${properties['event_type']}`,
      flow: `${properties['flow_name']}`.replace(/^.*:/, ''),
    }));
  } catch {
    // Half written: then nobody knows what starts what.
    return [];
  }
}

function known(name: string): KnownEvent | undefined {
  for (const { source, root, fields, events } of catalogue.families as Family[]) {
    const called = ({ event, aliases = [] }: (typeof events)[number]) => [event, ...aliases].some((it) => name === `${source}.${it}`);
    const found = events.find(called);
    if (found) return { name, root, label: found.label, fields: [...fields, ...('fields' in found ? found.fields : [])] };
  }
  return undefined;
}

function record(fields: Field[]): Record<string, unknown> {
  return Object.fromEntries(
    fields.map(({ field, values }) => {
      const [, name = '', type = ''] = /^(\w+)\??: (.*)$/.exec(field) ?? [];
      return [name, value(name, type, values)];
    }),
  );
}

function value(name: string, type: string, values: string | undefined): unknown {
  // What changed is not what it was before.
  const isNew = name === 'current';
  const texts = catalogue.values.find((known) => known.name === values)?.values;
  switch (type.replace(/ \| null$/, '')) {
    case 'string':
      return texts?.[isNew ? 1 : 0] ?? `${isNew ? 'new' : 'some'} ${name.replaceAll('_', ' ')}`;
    case 'int':
    case 'number':
      return (name.endsWith('id') ? 4711 : 1) + Number(isNew);
    case 'bool':
      return name !== 'previous';
    case 'timestamp':
      return '2024-05-06T10:20:30Z';
    case 'string[]':
      return ['vip'];
    case 'int[]':
      return [4711];
    case 'any':
      return null;
    case '{ [string]: any }':
      return {};
    default:
      return record(catalogue.records.find((known) => known.name === type)!.fields);
  }
}
