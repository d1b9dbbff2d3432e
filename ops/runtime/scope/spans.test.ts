import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { recordSpans } from '#ops/testing/record-spans.js';
import { traceJob } from '#runtime/telemetry/observe-jobs.js';
import { currentRequestContext, withRequestContext } from './request-context.js';
import { currentTraceId, currentTraceparent, inSpan, isTracing, startSpan, useTracer, withSpan } from './spans.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';

describe('without a collector', () => {
  it('creates no spans and runs the work', async () => {
    expect(isTracing()).toBe(false);
    expect(startSpan('work')).toBeUndefined();
    expect(currentTraceparent()).toBeUndefined();
    expect(await inSpan('work', {}, async (span) => [span, 1])).toEqual([undefined, 1]);
    expect(withSpan(undefined, () => 2)).toBe(2);
    expect(await traceJob({ name: 'things.do' }, async () => 3)).toBe(3);
  });
});

describe('a span', () => {
  const { tracer, exporter } = recordSpans();

  beforeAll(() => useTracer(tracer));
  beforeEach(() => exporter.reset());
  afterAll(() => useTracer(undefined));

  const finished = () => exporter.getFinishedSpans();

  it('is a child of the current span', async () => {
    await inSpan('outer', {}, async () => {
      await Promise.resolve();
      await inSpan('inner', {}, async () => {});
    });
    const [inner, outer] = finished();
    expect([inner?.name, outer?.name]).toEqual(['inner', 'outer']);
    expect(inner?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
    expect(outer?.parentSpanContext).toBeUndefined();
  });

  it('and a request context are both kept, whichever began first', async () => {
    const known = () => [currentRequestContext()?.requestId, currentTraceId() !== undefined];
    await withRequestContext({ requestId: 'a' }, () =>
      inSpan('work', {}, async () => {
        await Promise.resolve();
        expect(known()).toEqual(['a', true]);
        expect(withRequestContext({ requestId: 'b' }, known)).toEqual(['b', true]);
      }),
    );
    expect(known()).toEqual([undefined, false]);
  });

  it('continues the trace of another process, and passes it on', async () => {
    const traceparent = await inSpan('work', { parent: `00-${TRACE}-${PARENT}-01` }, async () => currentTraceparent());
    const [span] = finished();
    expect(span?.spanContext().traceId).toBe(TRACE);
    expect(span?.parentSpanContext).toMatchObject({ spanId: PARENT, isRemote: true });
    expect(traceparent).toBe(`00-${TRACE}-${span?.spanContext().spanId}-01`);
  });

  it.each([
    'nonsense',
    '',
    `00-${'0'.repeat(32)}-${PARENT}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `ff-${TRACE}-${PARENT}-01`,
    `00-${TRACE.toUpperCase()}-${PARENT}-01`,
  ])('begins a trace of its own for the traceparent %p', async (parent) => {
    await inSpan('work', { parent }, async () => {});
    expect(finished()[0]?.parentSpanContext).toBeUndefined();
    expect(finished()[0]?.spanContext().traceId).not.toBe(TRACE);
  });

  it('is not exported when the caller does not sample the trace', async () => {
    const traceparent = await inSpan('work', { parent: `00-${TRACE}-${PARENT}-00` }, async () => currentTraceparent());
    expect(finished()).toEqual([]);
    expect(traceparent).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`));
  });

  it('records the type of an error and not its message, which may contain user input', async () => {
    const error = Object.assign(new Error('emil@example.com is wrong'), { code: 'CONFLICT' });
    await expect(inSpan('work', {}, () => Promise.reject(error))).rejects.toBe(error);
    const [span] = finished();
    expect(span).toMatchObject({ status: { code: 2 }, attributes: { 'error.type': 'CONFLICT' }, events: [] });
    expect(JSON.stringify(span?.status)).not.toContain('emil');
  });

  it('has start time and duration, and no undefined attributes', async () => {
    const before = Date.now();
    const attributes = { 'http.route': undefined, 'url.path': '/things' };
    await inSpan('work', { kind: 'server', attributes }, async (span) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      span?.setAttributes({ number: 1, text: undefined }).updateName('other work');
    });
    const [span] = finished();
    const ms = ([seconds, nanos] = [0, 0]) => seconds * 1_000 + nanos / 1_000_000;
    expect(ms(span?.startTime)).toBeGreaterThanOrEqual(before);
    expect(ms(span?.startTime)).toBeLessThanOrEqual(Date.now());
    expect(ms(span?.duration)).toBeGreaterThan(3);
    expect(ms(span?.endTime) - ms(span?.startTime)).toBeCloseTo(ms(span?.duration), 3);
    expect(span).toMatchObject({ name: 'other work', kind: 1, status: { code: 0 }, ended: true });
    expect(span?.attributes).toStrictEqual({ 'url.path': '/things', number: 1 });
    expect(span?.instrumentationScope.name).toBe('webmetrics');
    expect(span?.resource.attributes).toEqual({ 'service.name': 'webmetrics-test' });
  });

  it('is exported once, as it was when it ended', () => {
    const span = startSpan('work');
    span?.end();
    span?.setAttribute('late', true).updateName('late').setStatus({ code: 2 }).end();
    expect(finished()).toHaveLength(1);
    expect(finished()[0]).toMatchObject({ name: 'work', attributes: {}, status: { code: 0 } });
  });

  it('has a unique id, in the form of W3C', () => {
    const ids = Array.from({ length: 1_000 }, () => startSpan('work')?.spanContext());
    for (const id of ids) expect(`${id?.traceId}-${id?.spanId}`).toMatch(/^(?!0+-)[0-9a-f]{32}-(?!0+$)[0-9a-f]{16}$/);
    expect(new Set(ids.map((id) => id?.traceId)).size).toBe(1_000);
    expect(new Set(ids.map((id) => id?.spanId)).size).toBe(1_000);
  });

  it('names its trace while it runs, and not after', async () => {
    const named = await inSpan('work', {}, async () => currentTraceId());
    expect(named).toBe(finished()[0]?.spanContext().traceId);
    expect(currentTraceId()).toBeUndefined();
  });

  it('is, for a job, part of the trace of the request that queued it', async () => {
    let ordered: string | undefined;
    await inSpan('request', {}, async () => {
      ordered = currentTraceparent();
    });
    const context = { requestId: 'request-1', traceparent: ordered };
    await withRequestContext(context, () => traceJob({ name: 'reports.run' }, async () => {}));
    await withRequestContext({ requestId: 'schedule' }, () => traceJob({ name: 'reports.run' }, async () => {}));
    const [request, job, scheduled] = finished();
    expect(job).toMatchObject({ name: 'job reports.run', attributes: { 'messaging.destination.name': 'reports.run' } });
    expect(job?.parentSpanContext?.spanId).toBe(request?.spanContext().spanId);
    expect(job?.spanContext().traceId).toBe(request?.spanContext().traceId);
    expect(scheduled?.spanContext().traceId).not.toBe(request?.spanContext().traceId);
  });
});
