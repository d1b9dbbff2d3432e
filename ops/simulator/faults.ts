import { z } from 'zod';

/** An injected fault: the next `times` calls to a provider fail in one way. */
export const faultSchema = z.strictObject({
  provider: z.string(),
  /** Substring of path and query, such as `act_1/insights`; absent = any call. */
  match: z.string().optional(),
  times: z.int().min(1).default(1),
  kind: z.enum(['status', 'hang', 'reset', 'truncate', 'garbage', 'html', 'latency']),
  status: z.int().min(200).max(599).optional(),
  body: z.unknown().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  latencyMs: z.int().min(0).max(600_000).optional(),
});

export type Fault = z.infer<typeof faultSchema>;

export class Faults {
  #pending: Fault[] = [];

  add(fault: Fault): void {
    this.#pending.push({ ...fault });
  }

  /** Returns the first matching fault and counts it down. */
  take(provider: string, pathAndQuery: string, kinds?: readonly Fault['kind'][]): Fault | undefined {
    const fault = this.#pending.find(
      (candidate) =>
        candidate.provider === provider &&
        pathAndQuery.includes(candidate.match ?? '') &&
        (kinds?.includes(candidate.kind) ?? true),
    );
    if (!fault) return undefined;
    fault.times -= 1;
    if (fault.times === 0) this.#pending = this.#pending.filter((other) => other !== fault);
    return fault;
  }

  list(): readonly Fault[] {
    return this.#pending;
  }

  clear(): void {
    this.#pending = [];
  }
}
