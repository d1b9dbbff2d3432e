import { z } from 'zod';

/** What an operator asks for: the next `times` calls to a provider go wrong in one way. */
export const faultSchema = z.strictObject({
  provider: z.string(),
  /** Part of the path and query, e.g. `act_1/insights`; without it any call counts. */
  match: z.string().optional(),
  times: z.int().min(1).default(1),
  kind: z.enum(['status', 'hang', 'reset', 'truncate', 'garbage', 'html', 'latency']),
  status: z.int().min(200).max(599).optional(),
  body: z.unknown().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  latencyMs: z.int().min(0).max(600_000).optional(),
});

export type Fault = z.infer<typeof faultSchema>;

/** The faults still to come, in the order they were asked for. */
export class Faults {
  #pending: Fault[] = [];

  add(fault: Fault): void {
    this.#pending.push({ ...fault });
  }

  /** Returns the first fault that fits and uses it up once. */
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
