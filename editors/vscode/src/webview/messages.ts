// What the views and the extension tell each other.

/** A state, named by the Maps it lies in and itself. */
export type Way = string[];

/** To the view of a flow. */
export type ToGraph =
  | { type: 'draw'; file: string; flow: number; flows: string[]; svg: string }
  | { type: 'mark'; here: Way[]; errors: Way[]; warnings: Way[] }
  | { type: 'nothing'; reason: string };

/** From the view of a flow. */
export type FromGraph = { type: 'ready' } | { type: 'go'; way: Way } | { type: 'flow'; number: number } | { type: 'save' };

/** To the view of a run. */
export type ToTimeline = { type: 'running'; flow: string } | { type: 'run'; run: RunShown } | { type: 'trouble'; title: string; text: string };

/** From the view of a run. */
export type FromTimeline = { type: 'ready' } | { type: 'go'; place: string } | { type: 'again' } | { type: 'other' };

export interface RunShown {
  trace: Trace;
  /** The file that was run. */
  file: string;
  /** The files that the run was given, by their names. */
  event: string;
  http: string | undefined;
  account: string | undefined;
  /** What the program said beside the trace. */
  messages: string;
}

/** What `zisc run --format json` prints. */
export interface Trace {
  bundle: string;
  job_spec: string | null;
  flow: string;
  states: TraceState[];
  requests: TraceRequest[];
  outcome: { status: 'succeeded' | 'failed'; state: string | null; message?: string; error?: string; cause?: string };
  final_data: unknown;
  notes?: { message: string; states: string[] }[];
  seconds: number;
  rerun_after_seconds?: number;
}

export interface TraceState {
  name: string;
  type: string;
  depth?: number;
  action?: string;
  /** `main.zis:12:3` */
  place?: string;
  parameters?: unknown;
  output?: unknown;
  result_path?: string;
  matched_rule?: number | 'Default';
  rules?: { wanted: string; seen: { path: string; value?: unknown }[] }[];
  runtime_error?: string;
  detail?: string;
  caught?: boolean;
  next?: string;
  began_seconds?: number;
  seconds?: number;
}

export interface TraceRequest {
  state: string;
  method: string;
  url: string;
  body?: unknown;
  status?: number;
}
