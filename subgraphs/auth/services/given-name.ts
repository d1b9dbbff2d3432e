import { storableText } from '../../../ops/runtime/storable-text.js';

/** A name people give: of a person or an organization. */
export const givenName = storableText.trim().min(1, 'must not be empty').max(200, 'must have at most 200 characters');
