/** A column of text. */
export const text = (name: string, { nullable = true } = {}) => ({ type: 'text' as const, name, nullable });

/** A column with an instant. */
export const instant = (name: string, { nullable = true } = {}) => ({ type: 'timestamptz' as const, name, nullable });

/** A column with an amount in the currency's smallest unit: Stripe's are below 2^53. */
export const smallestUnits = (name: string, { nullable = false } = {}) => ({
  type: 'bigint' as const,
  name,
  nullable,
  transformer: {
    from: (value: string | null) => (value === null ? null : Number(value)),
    to: (value: number | null) => value,
  },
});
