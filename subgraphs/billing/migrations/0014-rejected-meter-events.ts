import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Events of the meter that Stripe rejects after it has accepted them, and the destination of the events that say so. */
export class RejectedMeterEvents1764600001501 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- How often Stripe has rejected it after accepting it; each time it is sent again under another identifier.
      ALTER TABLE billing.meter_event ADD COLUMN rejections integer NOT NULL DEFAULT 0;

      -- THIN = events of the second version of Stripe's API, which name what has happened and have no data.
      ALTER TABLE billing.webhook_endpoint ADD COLUMN payload text NOT NULL DEFAULT 'SNAPSHOT'
        CHECK (payload IN ('SNAPSHOT', 'THIN'));
      ALTER TABLE billing.webhook_endpoint DROP CONSTRAINT webhook_endpoint_url_key;
      ALTER TABLE billing.webhook_endpoint ADD CONSTRAINT webhook_endpoint_url_payload_key UNIQUE (url, payload);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE billing.meter_event DROP COLUMN rejections;
      DELETE FROM billing.webhook_endpoint WHERE payload = 'THIN';
      ALTER TABLE billing.webhook_endpoint DROP CONSTRAINT webhook_endpoint_url_payload_key;
      ALTER TABLE billing.webhook_endpoint ADD CONSTRAINT webhook_endpoint_url_key UNIQUE (url);
      ALTER TABLE billing.webhook_endpoint DROP COLUMN payload;
    `);
  }
}
