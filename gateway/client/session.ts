import { WebMetricsError } from './errors.js';

/** The tokens of a session, as in `AuthPayload`. */
export interface Tokens {
  accessToken: string;
  refreshToken: string;
  /** When to exchange them, in milliseconds by this machine's clock; set by the client. */
  renewAt?: number;
}

/** Where tokens are kept. */
export interface TokenStore {
  get(): Tokens | undefined | Promise<Tokens | undefined>;
  /** undefined = signed out. */
  set(tokens: Tokens | undefined): void | Promise<void>;
}

/** Returns a store in memory: the session ends with the page or the process. */
export function memoryStore(tokens?: Tokens): TokenStore {
  let kept = tokens;
  return {
    get: () => kept,
    set: (next) => {
      kept = next;
    },
  };
}

/** Returns a store in `localStorage` or `sessionStorage`, which every script of the page can read. */
export function webStore(
  storage: {
    getItem(key: string): string | null;
    setItem(key: string, value: string): void;
    removeItem(key: string): void;
  },
  key = 'webmetrics-session',
): TokenStore {
  return {
    get: () => JSON.parse(storage.getItem(key) ?? 'null') ?? undefined,
    set: (tokens) => (tokens ? storage.setItem(key, JSON.stringify(tokens)) : storage.removeItem(key)),
  };
}

export interface SessionOptions {
  store: TokenStore;
  /** Sessions of the same installation are shared by tabs. */
  url: string;
  /** Exchanges a refresh token. Within 10 seconds the same one returns the same tokens. */
  refresh(refreshToken: string): Promise<Tokens>;
  /** Called when the session has ended and the user must sign in again. */
  onSignedOut?: () => void;
}

/** The parts of Web Locks and BroadcastChannel that are used; neither is everywhere. */
interface Platform {
  navigator?: { locks?: { request<Result>(name: string, work: () => Promise<Result>): Promise<Result> } };
  BroadcastChannel?: new (name: string) => Channel;
}
interface Channel {
  onmessage: unknown;
  postMessage(message: unknown): void;
  close(): void;
  unref?(): void;
}
/** To the tabs that have the session of this refresh token. */
interface Message {
  replaced: string;
  tokens: Tokens | undefined;
}

const EARLY_MS = 60_000;

/** Returns when to exchange an access token that was issued just now; undefined when it does not say how long it lives. */
function renewAtOf(accessToken: string): number | undefined {
  try {
    const payload = (accessToken.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/');
    const { iat, exp } = JSON.parse(atob(payload));
    return Number.isFinite(exp - iat) ? Date.now() + Math.max((exp - iat) * 1_000 - EARLY_MS, 0) : undefined;
  } catch {
    return undefined;
  }
}

/** A session whose tokens are exchanged once for all requests that need it, and for all tabs. */
export class Session {
  readonly #options: SessionOptions;
  readonly #name: string;
  readonly #channel: Channel | undefined;
  #renewing: Promise<boolean> | undefined;
  /** Of the session as this tab has last seen it: a store that tabs share is empty once one of them has signed out. */
  #seen: string | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#name = `webmetrics ${options.url}`;
    const { navigator, BroadcastChannel } = globalThis as Platform;
    if (!navigator?.locks || !BroadcastChannel) return;
    this.#channel = new BroadcastChannel(this.#name);
    this.#channel.unref?.();
    this.#channel.onmessage = ({ data }: { data: Message }) => void this.#receive(data);
  }

  /** Returns the access token, exchanged if it is about to expire; undefined when signed out. */
  async accessToken(): Promise<string | undefined> {
    const tokens = await this.#options.store.get();
    this.#seen = tokens?.refreshToken;
    if (!tokens) return undefined;
    if (tokens.renewAt === undefined || Date.now() < tokens.renewAt) return tokens.accessToken;
    try {
      await this.renew(tokens.accessToken);
    } catch {
      // It is valid for a little longer.
      return tokens.accessToken;
    }
    return (await this.#options.store.get())?.accessToken;
  }

  /** Exchanges tokens, unless `refused` was exchanged meanwhile. Returns whether there is a session. */
  renew(refused: string): Promise<boolean> {
    this.#renewing ??= this.#withLock(() => this.#renew(refused)).finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  /** Begins a session, or ends it without tokens. */
  async replace(tokens: Tokens | undefined): Promise<void> {
    const { store } = this.#options;
    const before = await store.get();
    this.#seen = tokens?.refreshToken;
    await store.set(tokens && { ...tokens, renewAt: renewAtOf(tokens.accessToken) });
    if (before)
      this.#channel?.postMessage({ replaced: before.refreshToken, tokens: await store.get() } satisfies Message);
  }

  close(): void {
    this.#channel?.close();
  }

  #withLock<Result>(work: () => Promise<Result>): Promise<Result> {
    const { locks } = (globalThis as Platform).navigator ?? {};
    return locks ? locks.request(this.#name, work) : work();
  }

  async #renew(refused: string): Promise<boolean> {
    const { store, refresh, onSignedOut } = this.#options;
    const tokens = await store.get();
    if (tokens?.accessToken !== refused) return tokens !== undefined;
    try {
      const { accessToken, refreshToken } = await refresh(tokens.refreshToken);
      await this.replace({ accessToken, refreshToken });
      return true;
    } catch (error) {
      if (!(error instanceof WebMetricsError) || error.code !== 'UNAUTHENTICATED') throw error;
      const now = await store.get();
      if (now && now.refreshToken !== tokens.refreshToken) return true;
      await this.replace(undefined);
      onSignedOut?.();
      return false;
    }
  }

  async #receive({ replaced, tokens }: Message): Promise<void> {
    const { store, onSignedOut } = this.#options;
    const own = await store.get();
    if (own?.refreshToken !== replaced && this.#seen !== replaced) return;
    this.#seen = tokens?.refreshToken;
    if (own?.refreshToken === replaced) await store.set(tokens);
    if (!tokens && (await store.get()) === undefined) onSignedOut?.();
  }
}
