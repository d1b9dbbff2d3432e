/**
 * Whether a member limited to the clients `seen` sees what covers `clientIds`; without a limit (null or undefined) everything, and what
 * covers every account (no client ids) only without a limit.
 */
export const areVisible = (clientIds: readonly string[], seen: readonly string[] | null | undefined): boolean =>
  !seen || (clientIds.length > 0 && clientIds.every((id) => seen.includes(id)));

/** The same in SQL, of the column `client_ids` of a table by its alias; the parameter `seen` is the limit. */
export const coversOnly = (alias: string): string =>
  `${alias}.client_ids <@ :seen::uuid[] AND ${alias}.client_ids <> '{}'`;
