import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The webhook endpoint that billing registers at the simulator, with its signing secret. */
export class WebhookEndpoint1764600001423 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE billing.webhook_endpoint (
        id uuid PRIMARY KEY,
        url text NOT NULL UNIQUE,
        endpoint_id text NOT NULL,
        secret text NOT NULL
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE billing.webhook_endpoint');
  }
}
