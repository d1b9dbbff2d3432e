import { Deadline } from './deadline.js';
import { errorOf, errorOfRefusal, WebMetricsError } from './errors.js';
import type { CallOptions, Transport } from './transport.js';

/** Options of a stream of events. */
export interface EventOptions extends CallOptions {
  /** The id of the last event that is known, to continue after it. */
  lastEventId?: string;
}

interface ServerEvent {
  id?: string;
  event?: string;
  data?: string;
  retry?: string;
}

/** Three heartbeats of the server. */
const SILENT_MS = 45_000;
const RECONNECT_MS = 3_000;

/** Yields the blocks of a `text/event-stream` (HTML Living Standard, 9.2.6), those without data included. */
export async function* parseEvents(
  body: ReadableStream<Uint8Array>,
  onBytes?: () => void,
): AsyncGenerator<ServerEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      onBytes?.();
      text += decoder.decode(value, { stream: true });
      // A CR at the end may be the first half of a CRLF.
      const lines = text.replace(/\r\n|\r(?!$)/g, '\n').split('\n\n');
      text = lines.pop() ?? '';
      for (const block of lines) yield parseBlock(block);
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function parseBlock(block: string): ServerEvent {
  const event: Record<string, string> = {};
  for (const line of block.split('\n')) {
    const [, name = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/.exec(line) ?? [];
    if (name !== '') event[name] = name === 'data' && event.data !== undefined ? `${event.data}\n${value}` : value;
  }
  return event;
}

function eventError(data: string): WebMetricsError {
  const extensions = JSON.parse(data);
  return errorOf([{ message: extensions.detail, extensions }], 200);
}

/**
 * Yields the states of a stream, connecting again whenever it ends before the last. Rejects with a WebMetricsError when it
 * cannot be opened within the time limit, or is refused.
 */
export async function* followStates<State>(
  transport: Transport,
  path: string,
  isLast: (state: State) => boolean,
  { lastEventId, ...options }: EventOptions,
): AsyncGenerator<State> {
  let lastId = lastEventId;
  let retryMs = RECONNECT_MS;
  for (;;) {
    const opened = await transport.send(
      {
        path,
        headers: { accept: 'text/event-stream', ...(lastId && { 'last-event-id': lastId }) },
        isRepeatable: true,
        isStream: true,
        read: async (response, deadline) => {
          if (!response.ok) throw errorOfRefusal(response, await response.text());
          return { body: response.status === 204 ? null : response.body, deadline };
        },
      },
      options,
    );
    if (!opened.body) return;
    let failure: unknown;
    const silence = watchSilence(opened.deadline);
    try {
      for await (const { id, event, data, retry } of parseEvents(opened.body, silence.reset)) {
        if (retry && /^\d+$/.test(retry)) retryMs = Number(retry);
        if (data === undefined) continue;
        if (event === 'error') throw eventError(data);
        lastId = id ?? lastId;
        const state: State = JSON.parse(data);
        yield state;
        if (isLast(state)) return;
      }
    } catch (error) {
      if (options.signal?.aborted) throw options.signal.reason;
      failure = error;
    } finally {
      silence.stop();
      opened.deadline.clear();
    }
    const retryAfterMs = failure instanceof WebMetricsError ? (failure.retryAfter ?? 0) * 1_000 : 0;
    await pause(Math.max(retryMs * (0.5 + Math.random() / 2), retryAfterMs), options.signal);
  }
}

/** Ends a connection that brings nothing, not even heartbeats. */
function watchSilence(deadline: Deadline): { reset(): void; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => clearTimeout(timer);
  const reset = () => {
    stop();
    timer = setTimeout(() => deadline.abort(new Error('The stream is silent.')), SILENT_MS);
  };
  reset();
  return { reset, stop };
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  const deadline = new Deadline(Number.POSITIVE_INFINITY, signal);
  try {
    await deadline.wait(ms);
  } finally {
    deadline.clear();
  }
}
