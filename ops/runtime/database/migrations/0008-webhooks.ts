import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Webhooks: endpoints, the events for them, a delivery for each pair, and a log of attempts. */
export class Webhooks1764100000081 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE operations.webhook_endpoint (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        organization_id uuid NOT NULL,
        url text NOT NULL,
        description text NOT NULL DEFAULT '',
        -- NULL = every type.
        event_types text[],
        -- NULL = enabled.
        disabled_reason text CHECK (disabled_reason IN ('BY_USER', 'FAILING', 'GONE')),
        disabled_at timestamptz,
        sealed_secret text NOT NULL,
        sealed_previous_secret text,
        previous_secret_until timestamptz,
        -- The user or API key.
        created_by uuid,
        created_at timestamptz NOT NULL DEFAULT now(),
        -- Since the first failure after the last success.
        failing_since timestamptz,
        last_attempt_at timestamptz,
        CHECK ((disabled_reason IS NULL) = (disabled_at IS NULL)),
        CHECK ((sealed_previous_secret IS NULL) = (previous_secret_until IS NULL))
      );
      -- By an expression, so that a change of the URL does not block queuing, as the change of a key would.
      CREATE UNIQUE INDEX webhook_endpoint_url ON operations.webhook_endpoint (organization_id, md5(url));
      CREATE TABLE operations.webhook_event (
        id text PRIMARY KEY,
        organization_id uuid NOT NULL,
        type text NOT NULL,
        -- The request body, the same for every attempt.
        body text NOT NULL,
        key text UNIQUE,
        sequence bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
        occurred_at timestamptz NOT NULL
      );
      CREATE INDEX webhook_event_of_organization ON operations.webhook_event (organization_id);
      CREATE INDEX webhook_event_age ON operations.webhook_event (occurred_at);
      CREATE TABLE operations.webhook_delivery (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        organization_id uuid NOT NULL,
        endpoint_id uuid NOT NULL REFERENCES operations.webhook_endpoint ON DELETE CASCADE,
        event_id text NOT NULL REFERENCES operations.webhook_event ON DELETE CASCADE,
        event_type text NOT NULL,
        -- Deliveries of one resource to one endpoint are sent in the order of their sequence.
        resource text NOT NULL,
        sequence bigint NOT NULL,
        state text NOT NULL CHECK (state IN ('PENDING', 'DELIVERED', 'FAILED', 'SKIPPED')),
        -- Since it was queued or replayed.
        attempts integer NOT NULL DEFAULT 0,
        queued_at timestamptz NOT NULL,
        due_at timestamptz NOT NULL,
        -- Of the attempt that is being made.
        claim uuid,
        last_status integer,
        last_error text,
        finished_at timestamptz,
        created_at timestamptz NOT NULL,
        UNIQUE (endpoint_id, event_id),
        CHECK ((state = 'PENDING') = (finished_at IS NULL))
      );
      CREATE INDEX webhook_delivery_due ON operations.webhook_delivery (endpoint_id, due_at, sequence)
        WHERE state = 'PENDING';
      CREATE INDEX webhook_delivery_order ON operations.webhook_delivery (endpoint_id, resource, sequence)
        WHERE state = 'PENDING';
      CREATE INDEX webhook_delivery_list ON operations.webhook_delivery (endpoint_id, sequence);
      CREATE INDEX webhook_delivery_of_event ON operations.webhook_delivery (event_id);
      CREATE INDEX webhook_delivery_of_organization ON operations.webhook_delivery (organization_id);
      CREATE TABLE operations.webhook_attempt (
        id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
        organization_id uuid NOT NULL,
        delivery_id uuid NOT NULL REFERENCES operations.webhook_delivery ON DELETE CASCADE,
        started_at timestamptz NOT NULL,
        duration_ms integer NOT NULL,
        -- NULL = there was no answer.
        status integer,
        error text,
        response_excerpt text
      );
      CREATE INDEX webhook_attempt_of_delivery ON operations.webhook_attempt (delivery_id);
      CREATE INDEX webhook_attempt_of_organization ON operations.webhook_attempt (organization_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE operations.webhook_attempt, operations.webhook_delivery, operations.webhook_event,
        operations.webhook_endpoint
    `);
  }
}
