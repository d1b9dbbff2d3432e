import type { Clock } from '#simulator/clock.js';
import type { Settings } from '#simulator/settings.js';
import { type AnyObject, type DeletedObject, type Kind, newId, type Objects, randomText } from './objects.js';
import { previousAttributes } from './previous-attributes.js';
import { IdempotencyKeys } from './wire/idempotency.js';
import { noSuch } from './wire/stripe-error.js';

export const API_VERSION = '2026-10-28.endive';

const EVENTS_KEPT_SECONDS = 30 * 24 * 60 * 60;

/** What the state file holds of Stripe. */
export interface StripeState {
  objects: (AnyObject | DeletedObject)[];
  extras: Record<string, Extra>;
  keys: ReturnType<IdempotencyKeys['state']>;
  base: string | null;
}

/** What is known of an object beside what Stripe shows, by its id. */
export type Extra = Record<string, unknown>;

export interface StripeAccountOptions {
  clock: Clock;
  settings: Settings;
  state?: StripeState | undefined;
  /** Called after changes. */
  save?: () => void;
  /** What the simulator itself does when an event happens. */
  reactions?: Reactions;
}

export type Reactions = Record<string, ((account: StripeAccount, object: never) => void) | undefined>;

/** The request that causes an event; null fields for what happens by time. */
export interface Cause {
  id: string | null;
  idempotency_key: string | null;
}

type StoredEvent = Objects['event'] | Objects['v2.core.event'];

/** One account in test mode: its objects, in the order they were made. */
export class StripeAccount {
  readonly settings: Settings;
  readonly keys: IdempotencyKeys;
  /** Called with every new event. */
  onEvent: (event: StoredEvent) => void = () => undefined;
  /** Such as http://127.0.0.1:8090/api.stripe.com: where this simulator was last asked. */
  base: string;
  /** Whether something was written since what is due was done, and when that was (seconds). */
  isTouched = true;
  ranDueAt = 0;
  cause: Cause = { id: null, idempotency_key: null };
  readonly #clock: Clock;
  readonly #save: () => void;
  readonly #reactions: Reactions;
  readonly #byId = new Map<string, AnyObject | DeletedObject>();
  readonly #byKind = new Map<string, Map<string, AnyObject>>();
  readonly #extras: Map<string, Extra>;
  #moment: number | null = null;

  constructor({ clock, settings, state, save = () => undefined, reactions = {} }: StripeAccountOptions) {
    this.#clock = clock;
    this.settings = settings;
    this.#save = save;
    this.#reactions = reactions;
    this.keys = new IdempotencyKeys(state?.keys);
    this.base = state?.base ?? 'https://api.stripe.com';
    this.#extras = new Map(Object.entries(state?.extras ?? {}));
    for (const object of state?.objects ?? []) this.#put(object);
  }

  state(): StripeState {
    return {
      objects: [...this.#byId.values()],
      extras: Object.fromEntries(this.#extras),
      keys: this.keys.state(),
      base: this.base,
    };
  }

  /** Returns the address of another of Stripe's hosts at this simulator, such as checkout.stripe.com. */
  pageBase(host: string): string {
    return this.base.replace('api.stripe.com', host);
  }

  /** Seconds; of a customer on a test clock that clock's time. Inside `at` the moment given there. */
  now(customer?: string | null): number {
    if (this.#moment !== null) return this.#moment;
    const clock = customer ? this.find('customer', customer)?.test_clock : undefined;
    const testClock = clock ? this.find('test_helpers.test_clock', clock) : undefined;
    return testClock?.frozen_time ?? this.#seconds();
  }

  /** Does work as if it were another moment (seconds): what was due earlier happens when it was due. */
  at<T>(moment: number, work: () => T): T {
    const before = this.#moment;
    this.#moment = moment;
    try {
      return work();
    } finally {
      this.#moment = before;
    }
  }

  /** Stores a new object. */
  add<K extends Kind>(kind: K, object: Omit<Objects[K], 'id' | 'object'> & { id?: string }): Objects[K] {
    const stored = { id: object.id ?? newId(kind), object: kind, ...object } as unknown as Objects[K];
    this.#put(stored);
    this.#save();
    return stored;
  }

  find<K extends Kind>(kind: K, id: string): Objects[K] | undefined {
    return this.#byKind.get(kind)?.get(id) as Objects[K] | undefined;
  }

  /** Throws Stripe's 404, or its 400 when `param` names the parameter that holds the id. */
  get<K extends Kind>(kind: K, id: string, param?: string): Objects[K] {
    const object = this.find(kind, id);
    if (!object) throw noSuch(nameOf(kind), id, param);
    return object;
  }

  /** Of any kind, deleted ones included. */
  findAny(id: string): AnyObject | DeletedObject | undefined {
    return this.#byId.get(id);
  }

  /** Newest first. */
  list<K extends Kind>(kind: K): Objects[K][] {
    return [...(this.#byKind.get(kind)?.values() ?? [])].reverse() as Objects[K][];
  }

  /** Changes fields, and says so in an event with the previous values if anything differs. */
  change<T extends AnyObject>(object: T, changes: Partial<NoInfer<T>>, event?: string): T {
    const before = structuredClone(object);
    Object.assign(object, changes);
    const previous = previousAttributes(before, object);
    if (event !== undefined && Object.keys(previous).length > 0) this.emit(event, object, previous);
    this.#save();
    return object;
  }

  /** Leaves only `{id, object, deleted: true}`. */
  delete(object: AnyObject): DeletedObject {
    const deleted: DeletedObject = { id: object.id, object: object.object, deleted: true };
    this.#byKind.get(object.object)?.delete(object.id);
    this.#byId.set(object.id, deleted);
    this.#save();
    return deleted;
  }

  /** Removes an object without a trace. */
  forget(id: string): void {
    const object = this.#byId.get(id);
    if (object) this.#byKind.get(object.object)?.delete(id);
    this.#byId.delete(id);
    this.#extras.delete(id);
  }

  /** What the simulator alone knows of an object, to read and change. */
  extra<E extends Extra = Extra>(id: string): Partial<E> {
    const extra = this.#extras.get(id) ?? {};
    this.#extras.set(id, extra);
    return extra as Partial<E>;
  }

  /** Records an event with the object as it is now, and has it delivered. */
  emit(type: string, object: { id?: string }, previous?: Record<string, unknown>): void {
    const shown = structuredClone(object) as Record<string, unknown>;
    const event = this.add('event', {
      id: `evt_1${randomText(23)}`,
      api_version: API_VERSION,
      created: this.now(customerOf(shown)),
      data: { object: shown, ...(previous && { previous_attributes: previous }) },
      livemode: false,
      pending_webhooks: this.list('webhook_endpoint').filter((endpoint) => listens(endpoint, type)).length,
      request: { ...this.cause },
      type,
    });
    this.extra(event.id).recordedAt = this.#seconds();
    this.#forgetOldEvents();
    this.onEvent(event);
    this.#reactions[type]?.(this, object as never);
  }

  // As Stripe does after 30 days, counted on the simulator's own clock: test clocks do not age events.
  #forgetOldEvents(): void {
    for (const { id } of this.#byKind.get('event')?.values() ?? []) {
      if (Number(this.extra(id).recordedAt) + EVENTS_KEPT_SECONDS > this.#seconds()) return;
      this.forget(id);
    }
  }

  #seconds(): number {
    return Math.floor(this.#clock.nowMs() / 1000);
  }

  #put(object: AnyObject | DeletedObject): void {
    this.#byId.set(object.id, object);
    if ('deleted' in object && object.deleted) return;
    const kind = this.#byKind.get(object.object) ?? new Map();
    kind.set(object.id, object);
    this.#byKind.set(object.object, kind);
  }
}

/** Whether an endpoint receives a type of event. */
export function listens(endpoint: Objects['webhook_endpoint'], type: string): boolean {
  return endpoint.status === 'enabled' && endpoint.enabled_events.some((name) => name === '*' || name === type);
}

function customerOf(object: Record<string, unknown>): string | null {
  if (object.object === 'customer') return object.id as string;
  return typeof object.customer === 'string' ? object.customer : null;
}

const names: Partial<Record<Kind, string>> = {
  payment_method: 'PaymentMethod',
  'billing_portal.configuration': 'configuration',
  'checkout.session': 'checkout.session',
  'test_helpers.test_clock': 'test_clock',
  promotion_code: 'promotion code',
};

function nameOf(kind: Kind): string {
  return names[kind] ?? kind;
}
