import { readFileSync } from 'node:fs';

/** Ctrl-C, a supervisor, and a terminal or session that ends. */
export const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export type StopSignal = (typeof stopSignals)[number];

const HANGUP_BIT = 1n;

/** Whether this process was started to outlive its terminal, as by nohup: a listener would end that. Linux only. */
function ignoresHangup(): boolean {
  try {
    const ignored = /^SigIgn:\s+([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    return ignored !== undefined && (BigInt(`0x${ignored}`) & HANGUP_BIT) !== 0n;
  } catch {
    return false;
  }
}

// Read before the first listener, which replaces what was inherited.
const watched = stopSignals.filter((signal) => signal !== 'SIGHUP' || !ignoresHangup());

const exit = () => process.exit(0);

/** Ends the process with status 0 on a stop signal, until `onStopSignal` is called: nothing is open yet. To be called first of all. */
export function exitOnStopSignal(): void {
  for (const signal of watched) process.removeAllListeners(signal).on(signal, exit);
}

/** Calls `listener` for each stop signal from now on. */
export function onStopSignal(listener: (signal: StopSignal) => void): void {
  for (const signal of watched) process.on(signal, listener).off(signal, exit);
}
