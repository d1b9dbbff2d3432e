export {
  type Answer,
  type ClientOptions,
  type Connection,
  type ConnectionHealthState,
  createClient,
  type Download,
  type OperationOptions,
  type PagingOptions,
  type ReportState,
  type WebMetricsClient,
} from './client.js';
export type { DocumentTypes, Print, TypedText } from './document.js';
export { type ClientErrorCode, type ErrorEntry, type Problem, type ReachedLimit, WebMetricsError } from './errors.js';
export type { EventOptions } from './events.js';
export type { ErrorCode } from './generated/error-codes.js';
export { memoryStore, type TokenStore, type Tokens, webStore } from './session.js';
export type { CallOptions } from './transport.js';
