const HOUR_SECONDS = 60 * 60;

/** Where conditions begin to hold; `ops/prometheus/alerts.yaml` has the same. Shares are of 1. */
export const LIMITS = {
  errorShare: 0.05,
  /** Of fewer requests a share says nothing. */
  errorRequests: 20,
  queueSeconds: 5 * 60,
  mailSeconds: 15 * 60,
  /** A backup may fail once. */
  backupIntervals: 2,
  /** It runs every night. */
  restoreDrillSeconds: 48 * HOUR_SECONDS,
  /** It runs every hour. */
  auditVerificationSeconds: 3 * HOUR_SECONDS,
  clockSeconds: 5,
  freeDiskShare: 0.1,
  certificateSeconds: 14 * 24 * HOUR_SECONDS,
  /** Fewer organizations that fail, or a smaller share of those connected, are matters of their own. */
  failingOrganizations: 3,
  failingShare: 0.2,
};
