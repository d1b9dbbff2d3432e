import type { MigrationInterface, QueryRunner } from 'typeorm';

const reasons = (names: string) => `
  ALTER TABLE operations.webhook_endpoint
    DROP CONSTRAINT webhook_endpoint_disabled_reason_check,
    ADD CONSTRAINT webhook_endpoint_disabled_reason_check CHECK (disabled_reason IN (${names}))`;

/** Endpoints are disabled with the API key that created them. */
export class WebhooksOfRevokedKeys1764100000101 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(reasons("'BY_USER', 'FAILING', 'GONE', 'KEY_REVOKED'"));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      "UPDATE operations.webhook_endpoint SET disabled_reason = 'BY_USER' WHERE disabled_reason = 'KEY_REVOKED'",
    );
    await runner.query(reasons("'BY_USER', 'FAILING', 'GONE'"));
  }
}
