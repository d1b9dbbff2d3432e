/** Who can fix a fault, and how. */
export type Remedy = 'RECONNECT' | 'WAIT' | 'FIX_AT_PROVIDER' | 'ASK_OPERATOR';

interface FaultKind {
  remedy: Remedy;
  /** Whether it may concern one account only. */
  isOfAccount?: boolean;
  /** Describes the fault and what to do. */
  describe(providerName: string): string;
}

const OPERATOR = 'Ask the operator of this installation of WebMetrics.';

/** Every fault between us and a provider: the enum FaultCode. */
export const faultKinds = {
  TOKEN_EXPIRED: {
    remedy: 'RECONNECT',
    describe: (name) => `The access to ${name} has expired: connect it again.`,
  },
  TOKEN_REVOKED: {
    remedy: 'RECONNECT',
    describe: (name) => `${name} no longer accepts our access, which was withdrawn or has run out: connect it again.`,
  },
  SCOPE_MISSING: {
    remedy: 'RECONNECT',
    describe: (name) =>
      `${name} was connected without a permission we need: connect it again and leave all of them ticked.`,
  },
  QUOTA_EXHAUSTED: {
    remedy: 'WAIT',
    describe: (name) => `${name} has had as many requests as it allows for now. It works again by itself.`,
  },
  PROVIDER_ERROR: {
    remedy: 'WAIT',
    describe: (name) => `${name} has a problem of its own. We try again; nothing is to be done here.`,
  },
  TIMEOUT: {
    remedy: 'WAIT',
    describe: (name) => `${name} does not answer in time. We try again; nothing is to be done here.`,
  },
  CONNECTION_FAILED: {
    remedy: 'WAIT',
    describe: (name) => `${name} cannot be reached. We try again; if it lasts, ask the operator of this installation.`,
  },
  DNS_FAILURE: {
    remedy: 'ASK_OPERATOR',
    describe: (name) => `The address of ${name} cannot be found (DNS). ${OPERATOR}`,
  },
  TLS_FAILURE: {
    remedy: 'ASK_OPERATOR',
    describe: (name) => `No secure connection to ${name} can be made (TLS). ${OPERATOR}`,
  },
  MALFORMED_ANSWER: {
    remedy: 'WAIT',
    describe: (name) => `${name} answers in a form nobody can read. We try again; if it lasts, report it.`,
  },
  REQUEST_REJECTED: {
    remedy: 'ASK_OPERATOR',
    describe: (name) => `${name} does not accept our requests. ${OPERATOR}`,
  },
  API_VERSION_RETIRED: {
    remedy: 'ASK_OPERATOR',
    describe: (name) => `${name} no longer answers the API version this installation uses. ${OPERATOR}`,
  },
  CLIENT_REJECTED: {
    remedy: 'ASK_OPERATOR',
    describe: (name) => `${name} has not admitted this installation, or no longer does. ${OPERATOR}`,
  },
  CLOCK_SKEW: {
    remedy: 'ASK_OPERATOR',
    describe: (name) =>
      `The clock of this installation differs from that of ${name}, which refuses our access. ${OPERATOR}`,
  },
  NOT_CONFIGURED: {
    remedy: 'ASK_OPERATOR',
    describe: (name) => `${name} is not set up on this installation (any more). ${OPERATOR}`,
  },
  ACCESS_DENIED: {
    remedy: 'FIX_AT_PROVIDER',
    isOfAccount: true,
    describe: (name) =>
      `${name} does not let the person who connected it read this. Have them given access there, or let somebody connect who has it.`,
  },
  ACCOUNT_CLOSED: {
    remedy: 'FIX_AT_PROVIDER',
    isOfAccount: true,
    describe: (name) => `The account is closed, disabled or suspended at ${name}. Open it again there.`,
  },
  NOT_VERIFIED: {
    remedy: 'FIX_AT_PROVIDER',
    isOfAccount: true,
    describe: (name) =>
      `The ownership of the site is not verified at ${name}, which shows no figures until then. Verify it there.`,
  },
} satisfies Record<string, FaultKind>;

export type FaultCode = keyof typeof faultKinds;

/** Returns who can fix a fault, and how. */
export const remedyOf = (code: FaultCode): Remedy => faultKinds[code].remedy;

/** Whether a fault may concern one account only. */
export const isOfAccount = (code: FaultCode): boolean => (faultKinds[code] as FaultKind).isOfAccount ?? false;

/** Returns the standard message of a fault. */
export const describeFault = (code: FaultCode, providerName: string): string => faultKinds[code].describe(providerName);
