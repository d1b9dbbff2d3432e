import type { Worker } from 'node:cluster';
import { EventEmitter } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '#ops/testing/eventually.js';
import { createLogger } from '#runtime/log/logger.js';
import { endHungProcess } from './end-hung-process.js';

const logger = createLogger({ level: 'silent', isPretty: false });

describe('a gateway process that is asked whether it reacts', () => {
  let worker: EventEmitter;
  let asked: number;
  let killed: unknown[];
  afterEach(() => void worker.emit('exit'));

  function watch(answer: () => void = () => {}) {
    asked = 0;
    killed = [];
    const send = () => {
      asked += 1;
      answer();
    };
    const kill = (signal: unknown) => killed.push(signal);
    worker = Object.assign(new EventEmitter(), { process: { pid: 17, kill }, isConnected: () => true, send });
    endHungProcess(worker as Worker, logger, 1);
  }

  it('is killed, once, after ten questions without an answer', async () => {
    watch();
    worker.emit('message', { type: 'webmetrics:ready', port: 1 });
    await eventually('it is killed', () => killed.length > 0);
    expect([asked, killed]).toEqual([10, ['SIGKILL']]);
  });

  it('is left alone while it answers', async () => {
    watch(() => void (asked % 9 === 0 && worker.emit('message', { type: 'webmetrics:alive' })));
    worker.emit('message', { type: 'webmetrics:ready', port: 1 });
    await eventually('it was asked often', () => asked > 50);
    expect(killed).toEqual([]);
  });

  it('may take its time to start', async () => {
    watch();
    const other = worker;
    watch();
    worker.emit('message', { type: 'webmetrics:ready', port: 1 });
    await eventually('one that is ready is killed', () => killed.length > 0);
    expect(other.listenerCount('exit')).toBe(1);
    expect([asked, killed]).toEqual([10, ['SIGKILL']]);
  });
});
