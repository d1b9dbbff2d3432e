import { type Audience, type Crowd, EVENTS, type EventName } from '#simulator/data/analytics-day.js';
import type { Slice } from './slice.js';

/** Sums over slices, with users counted once. */
export class Tally {
  sessions = 0;
  engaged = 0;
  engagementSeconds = 0;
  sessionSeconds = 0;
  revenue = 0;
  adCost = 0;
  adClicks = 0;
  adImpressions = 0;
  readonly #events = Object.fromEntries(EVENTS.map((name) => [name, 0])) as Record<EventName, number>;
  readonly #users = new Map<Audience, Crowd[]>();
  readonly #active = new Map<Audience, Crowd[]>();

  add(slice: Slice): void {
    this.sessions += slice.sessions;
    this.engaged += slice.engaged;
    this.engagementSeconds += slice.engagementSeconds;
    this.sessionSeconds += slice.sessionSeconds;
    this.revenue += slice.revenue;
    this.adCost += slice.adCost;
    this.adImpressions += slice.adImpressions;
    if (slice.audience.source.isPaid) this.adClicks += slice.sessions;
    for (const name of EVENTS) this.#events[name] += slice.events[name];
    append(this.#users, slice.audience, slice.users);
    append(this.#active, slice.audience, slice.active);
  }

  merge(other: Tally): void {
    this.sessions += other.sessions;
    this.engaged += other.engaged;
    this.engagementSeconds += other.engagementSeconds;
    this.sessionSeconds += other.sessionSeconds;
    this.revenue += other.revenue;
    this.adCost += other.adCost;
    this.adClicks += other.adClicks;
    this.adImpressions += other.adImpressions;
    for (const name of EVENTS) this.#events[name] += other.#events[name];
    for (const [audience, crowds] of other.#users) for (const crowd of crowds) append(this.#users, audience, crowd);
    for (const [audience, crowds] of other.#active) for (const crowd of crowds) append(this.#active, audience, crowd);
  }

  count(name?: EventName): number {
    return name === undefined ? EVENTS.reduce((sum, one) => sum + this.#events[one], 0) : this.#events[name];
  }

  get users(): number {
    return countDifferent(this.#users);
  }

  get active(): number {
    return countDifferent(this.#active);
  }
}

function append(crowds: Map<Audience, Crowd[]>, audience: Audience, crowd: Crowd): void {
  if (crowd.count === 0) return;
  const known = crowds.get(audience);
  if (known) known.push(crowd);
  else crowds.set(audience, [crowd]);
}

function countDifferent(crowds: Map<Audience, Crowd[]>): number {
  let people = 0;
  for (const [audience, list] of crowds) people += lengthOfUnion(list, audience.size);
  return people;
}

function lengthOfUnion(crowds: Crowd[], size: number): number {
  const spans = crowds.flatMap(({ from, count }) => {
    const [start, end] = [from % size, (from % size) + Math.min(count, size)];
    // A crowd past the end of the circle continues at its beginning.
    return end <= size
      ? [{ start, end }]
      : [
          { start, end: size },
          { start: 0, end: end - size },
        ];
  });
  let [covered, reached] = [0, 0];
  for (const { start, end } of spans.sort((one, other) => one.start - other.start)) {
    covered += Math.max(0, end - Math.max(start, reached));
    reached = Math.max(reached, end);
  }
  return covered;
}
