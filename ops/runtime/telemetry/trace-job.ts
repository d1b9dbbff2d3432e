import { currentRequestContext } from '#runtime/scope/request-context.js';
import { inSpan } from '#runtime/scope/spans.js';

/**
 * Runs a job, in the context of the request that ordered it, as a part of the trace of that request. What a schedule
 * ordered begins a trace of its own.
 */
export function traceJob<Result>({ name }: { name: string }, run: () => Promise<Result>): Promise<Result> {
  const attributes = { 'messaging.operation.type': 'process', 'messaging.destination.name': name };
  const parent = currentRequestContext()?.traceparent;
  return inSpan(`job ${name}`, { kind: 'consumer', parent, attributes }, () => run());
}
