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
