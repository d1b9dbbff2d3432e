export * from './generated/authentication.js';
export * from './generated/billing.js';
export * from './generated/connections.js';
export * from './generated/figures.js';
export * from './generated/organization.js';
export * from './generated/reports.js';
export type * from './generated/types.js';
