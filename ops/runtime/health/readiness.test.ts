import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger } from '#runtime/log/logger.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { openReadiness, type ReadinessChecks } from './readiness.js';

const silent = createLogger({ level: 'silent', isPretty: false });

/** A dependency that fails on demand, and counts its checks. */
function dependency() {
  const state = { isAway: false, calls: 0, answer: async () => {} };
  const check = async () => {
    state.calls += 1;
    await state.answer();
    if (state.isAway) throw new Error('away');
  };
  return { state, check };
}

describe('readiness', () => {
  let lifecycle: Lifecycle;
  let logged: string[];
  const open = (checks: ReadinessChecks, timeoutMs = 1_000) => {
    const note = (...args: unknown[]) => void logged.push(String(args[1]));
    return openReadiness({
      checks,
      logger: { ...silent, warn: note, info: note },
      lifecycle,
      intervalMs: 1,
      timeoutMs,
    });
  };
  const until = async (condition: () => boolean) => {
    while (!condition()) await wait(1);
  };

  beforeEach(() => {
    lifecycle = new Lifecycle(silent);
    logged = [];
  });
  afterEach(() => lifecycle.close());

  it('is given once every check has succeeded once', async () => {
    const { check } = dependency();
    const readiness = await open({ database: { check, isRequired: true } });
    expect(readiness.isReady()).toBe(true);
    expect(readiness.report()).toEqual({ status: 'ready', checks: { database: 'ok' } });
    expect(logged).toEqual([]);
  });

  it('is not given while a required check has never succeeded, and comes with two successes', async () => {
    const { state, check } = dependency();
    state.isAway = true;
    const readiness = await open({ database: { check, isRequired: true } });
    expect(readiness.report()).toEqual({ status: 'not ready', checks: { database: 'failed' } });
    const failures = state.calls;
    state.isAway = false;
    await until(() => readiness.isReady());
    expect(state.calls - failures).toBeGreaterThanOrEqual(2);
    expect(logged).toEqual(['Readiness check failed: database', 'Readiness check recovered: database']);
  });

  it('survives two failures in a row, and ends with the third', async () => {
    const { state, check } = dependency();
    const outcomes: boolean[] = [];
    // Two failures, a success, three failures; then none.
    const script = [true, true, false, true, true, true];
    let readiness: Awaited<ReturnType<typeof open>> | undefined;
    state.answer = async () => {
      if (!readiness) return;
      outcomes.push(readiness.isReady());
      state.isAway = script[outcomes.length - 1] ?? false;
    };
    readiness = await open({ database: { check, isRequired: true } });
    // Asked before each outcome: the seventh is the first after three failures in a row, the ninth after two successes.
    await until(() => outcomes.length >= 9);
    expect(outcomes.slice(0, 9)).toEqual([true, true, true, true, true, true, false, false, true]);
  });

  it('stays, degraded, while a check that is not required fails', async () => {
    const { state, check } = dependency();
    state.isAway = true;
    const readiness = await open({ cache: { check, isRequired: false } });
    expect(readiness.report()).toEqual({ status: 'ready', checks: { cache: 'degraded' } });
  });

  it('takes a timeout for a failure, and starts no second check beside one that hangs', async () => {
    const { state, check } = dependency();
    const readiness = await open({ database: { check, isRequired: true } }, 5);
    state.answer = () => new Promise(() => {});
    const calls = state.calls;
    await until(() => !readiness.isReady());
    expect(state.calls).toBe(calls + 1);
  });

  it('ends for good the moment a stop begins, and checks end, too', async () => {
    const { state, check } = dependency();
    const readiness = await open({ database: { check, isRequired: true } });
    let wasReadyWhileClosing: boolean | undefined;
    lifecycle.onClose('part', () => {
      wasReadyWhileClosing = readiness.isReady();
    });
    await lifecycle.close();
    const { calls } = state;
    expect(wasReadyWhileClosing).toBe(false);
    expect(readiness.report()).toEqual({ status: 'not ready', checks: { database: 'ok' } });
    await wait(20);
    expect(state.calls).toBe(calls);
  });
});
