import { isStorable } from '#runtime/database/storable-text.js';
import { refusal } from './refusal.js';

const MAX_LENGTH = 200;

/** Throws InvalidInput for a text longer than 200 characters, and for one that PostgreSQL takes as no parameter. */
export function checkText(argument: string, text: string | null | undefined): void {
  if (!text) return;
  if (text.length > MAX_LENGTH) throw refusal(argument, `must not be longer than ${MAX_LENGTH} characters`);
  if (!isStorable(text)) throw refusal(argument, 'must not contain a zero character');
}
