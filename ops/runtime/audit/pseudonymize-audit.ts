import type { EntityManager } from 'typeorm';

/**
 * Takes from an organization's audit trail what tells of people: addresses, user agents, before and after. What happened
 * and when stays, with ids that lead nowhere any more. Call it last in the transaction that ends the organization.
 */
export async function pseudonymizeAudit(manager: EntityManager, organizationId: string): Promise<void> {
  await manager.query(
    `UPDATE operations.audit_event SET address = NULL, user_agent = NULL, before = NULL, after = NULL
     WHERE organization_id = $1`,
    [organizationId],
  );
}
