import { inSpan } from './spans.js';

/** A run of a job, as far as a trace shows it. */
export interface TracedJob {
  name: string;
  /** The `currentTraceparent()` of the request that ordered it; undefined = nobody did, as with a schedule. */
  traceparent?: string;
}

/** Runs a job as a part of the trace of whoever ordered it. */
export function traceJob<Result>({ name, traceparent }: TracedJob, run: () => Promise<Result>): Promise<Result> {
  const attributes = { 'messaging.operation.type': 'process', 'messaging.destination.name': name };
  return inSpan(`job ${name}`, { kind: 'consumer', parent: traceparent, attributes }, () => run());
}
