/** How long the use of organizations by day is kept: an interval of PostgreSQL. Two years can be compared, by whole months. */
export const USAGE_KEPT = '25 months';
