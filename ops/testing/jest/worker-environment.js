// Where Jest runs a test file: in the worker itself, not in a context of its own, so that the product and its packages are loaded
// once for all files of a worker. What a file changes on the way is put back behind it.
import { ModernFakeTimers } from '@jest/fake-timers';
import { ModuleMocker } from 'jest-mock';
import { registry } from '../../../dist/ops/runtime/telemetry/registry.js';

const FRAMES = 30;
/** What a file sets for those that it imports. */
const OF_A_FILE = ['slowCases', 'testedTransports'];

export default class WorkerEnvironment {
  global = globalThis;
  moduleMocker = new ModuleMocker(globalThis);
  fakeTimers = null;
  #variables = { ...process.env };
  #console = globalThis.console;
  #exit = process.exit;

  constructor({ projectConfig }) {
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
  }

  setup() {
    // Jest sets 100, which slows a product that creates errors in its ordinary work.
    Error.stackTraceLimit = FRAMES;
  }

  async teardown() {
    // Buffered observations are counted when metrics are collected.
    await registry.metrics().catch(() => {});
    registry.resetMetrics();
    this.fakeTimersModern.dispose();
    this.moduleMocker.restoreAllMocks();
    for (const name of Object.keys(process.env)) if (!(name in this.#variables)) delete process.env[name];
    Object.assign(process.env, this.#variables);
    for (const name of OF_A_FILE) delete globalThis[name];
    globalThis.console = this.#console;
    process.exit = this.#exit;
  }

  /** There is none: test-runner.js loads modules itself. */
  getVmContext() {
    return null;
  }
}
