import { messagesOf } from '#reporting/texts/messages.js';
import { ar } from './ar.js';
import { de } from './de.js';
import { en } from './en.js';

/** The keys of the sentences of summaries. */
export type SummaryText = keyof typeof en;

/** Returns the sentences of summaries in a language. */
export const summaryTextsOf = messagesOf({ en, de, ar });
