/** Of an organization that has chosen none. */
export const DEFAULT_CURRENCY = 'EUR';
