export interface AuthenticateOptions {
  /** Whether rights are read from the database, not from the cache. */
  isFresh?: boolean;
}
