import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Notice } from '#runtime/alert.js';
import type { Holding } from './conditions/condition.js';
import { applyFindings, type Finding, type FiringAlerts, mergeFiring } from './firing-alerts.js';
import type { Runbook } from './runbooks.js';

const BEGIN = Date.UTC(2026, 10, 30);
const source = { program: 'gateway', host: 'host-1', instance: 'host-1/1' };

describe('what processes find together', () => {
  let state: FiringAlerts;
  beforeEach(() => {
    state = {};
  });

  const at = (second: number) => new Date(BEGIN + 1_000 * second);
  const finding = (name: Runbook, holdings: Holding[], causes: Runbook[] = []): Finding => ({
    name,
    category: 'internal',
    causes,
    holdings,
  });
  const held = (message = 'It is away.', more: Partial<Holding> = {}): Holding => ({ message, ...more });
  /** Applies findings at a second of the test and returns what is reported. */
  const look = (second: number, ...findings: Finding[]): Notice[] => {
    const { after, notices } = applyFindings(state, findings, { now: at(second), source });
    state = JSON.parse(JSON.stringify(after));
    return notices;
  };
  const reported = (notices: Notice[]) => notices.map(({ status, alert }) => `${status} ${alert.key}`);

  it('is reported when it begins and, with its seconds, when it is over, whoever looks', () => {
    const [raised, ...others] = look(3, finding('database-unreachable', [held('It is away.', { since: at(0) })]));
    expect(others).toEqual([]);
    expect(raised).toMatchObject({ status: 'raised', firstAt: at(0), source, alert: { message: 'It is away.' } });
    // Seven other processes, and the same again.
    for (let second = 4; second < 58; second += 5) {
      expect(look(second, finding('database-unreachable', [held()]))).toEqual([]);
    }
    expect(look(58, finding('database-unreachable', [held()]))).toEqual([]);
    expect(look(60, finding('database-unreachable', []))).toEqual([]);
    const [resolved] = look(84, finding('database-unreachable', []));
    expect(resolved).toMatchObject({ status: 'resolved', firstAt: at(0), lastAt: at(58) });
    expect(resolved?.alert.message).toBe('It is away. Resolved after 58 s.');
    expect(look(94, finding('database-unreachable', []))).toEqual([]);
    expect(state).toEqual({});
  });

  it('is not over while another process still finds it', () => {
    look(0, finding('redis-unreachable', [held()]));
    for (let second = 10; second <= 100; second += 10) {
      expect(look(second, finding('redis-unreachable', [held()]))).toEqual([]);
      expect(look(second + 5, finding('redis-unreachable', []))).toEqual([]);
    }
  });

  it('is reported as its cause, when that is found, and on its own once the cause is over', () => {
    const subgraph = finding('subgraph-unreachable', [held('', { subject: 'auth' })], ['database-unreachable']);
    // The consequence is often found first.
    expect(look(0, subgraph)).toEqual([]);
    expect(reported(look(5, finding('database-unreachable', [held()])))).toEqual(['raised database-unreachable']);
    expect(look(20, subgraph)).toEqual([]);
    expect(look(30, subgraph, finding('database-unreachable', []))).toMatchObject([{ status: 'resolved' }]);
    expect(reported(look(40, subgraph))).toEqual(['raised subgraph-unreachable auth']);
  });

  it('is silent where a cause explained it and both are over', () => {
    const subgraph = (holdings: Holding[]) => finding('subgraph-unreachable', holdings, ['database-unreachable']);
    look(0, finding('database-unreachable', [held()]), subgraph([held('', { subject: 'auth' })]));
    expect(reported(look(30, finding('database-unreachable', []), subgraph([])))).toEqual([
      'resolved database-unreachable',
    ]);
    expect(state).toEqual({});
  });

  it('is reported once when it was over before it could be reported', () => {
    const away = held('auth is away.', { subject: 'auth', since: at(1), until: at(6) });
    expect(look(8, finding('subgraph-unreachable', [away], ['database-unreachable']))).toEqual([]);
    const notices = look(35, finding('subgraph-unreachable', [], ['database-unreachable']));
    expect(reported(notices)).toEqual(['resolved subgraph-unreachable auth']);
    expect(notices[0]?.alert.message).toBe('auth is away. It was so for 5 s, and is resolved.');
    expect(notices[0]).toMatchObject({ firstAt: at(1), lastAt: at(6) });
  });

  it('is reported again every hour, with its first time', () => {
    look(0, finding('queue-old', [held()]));
    const notices: Notice[] = [];
    for (let second = 10; second <= 7_300; second += 10) notices.push(...look(second, finding('queue-old', [held()])));
    expect(reported(notices)).toEqual(['repeated queue-old', 'repeated queue-old']);
    expect(notices[1]).toMatchObject({ firstAt: at(0), lastAt: at(7_200) });
  });

  it('is neither begun nor over where nobody knows', () => {
    look(0, finding('mail-waiting', [held()]));
    expect(look(600)).toEqual([]);
    expect(reported(look(700, finding('mail-waiting', [])))).toEqual(['resolved mail-waiting']);
  });

  it('is forgotten after a day in which nobody looked', () => {
    look(0, finding('provider-failing', [held('', { subject: 'x' })]));
    expect(look(86_500)).toEqual([]);
    expect(state).toEqual({});
  });

  it('is one of two that were found apart, as it was found and reported first', () => {
    look(0, finding('database-unreachable', [held()]));
    const one = state;
    state = {};
    look(5, finding('database-unreachable', [held()]), finding('redis-unreachable', [held()]));
    const merged = mergeFiring(one, state);
    expect(Object.keys(merged).sort()).toEqual(['database-unreachable', 'redis-unreachable']);
    expect(merged['database-unreachable']).toMatchObject({
      firstAt: at(0).toISOString(),
      lastAt: at(5).toISOString(),
      notifiedAt: at(0).toISOString(),
    });
  });
});
