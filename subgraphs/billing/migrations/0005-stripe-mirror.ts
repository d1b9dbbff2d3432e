import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What Stripe says of each organization, and the events it sends. */
export class StripeMirror1764600001421 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE billing.subscription
        DROP CONSTRAINT IF EXISTS subscription_plan_id_fkey,
        DROP COLUMN purchase_status,
        ALTER COLUMN plan_id DROP NOT NULL,
        ADD COLUMN customer_id text UNIQUE,
        -- Customers that were deleted at Stripe.
        ADD COLUMN former_customer_ids text[] NOT NULL DEFAULT '{}',
        ADD COLUMN stripe_subscription_id text UNIQUE,
        ADD COLUMN stripe_item_id text,
        ADD COLUMN status text CHECK (status IN
          ('incomplete', 'incomplete_expired', 'trialing', 'active', 'past_due', 'canceled', 'unpaid', 'paused')),
        ADD COLUMN interval text CHECK (interval IN ('MONTH', 'YEAR')),
        ADD COLUMN currency text CHECK (currency ~ '^[A-Z]{3}$'),
        ADD COLUMN period_start timestamptz,
        ADD COLUMN period_end timestamptz,
        -- Of the subscription at Stripe; trial_ends_at is the organization's own.
        ADD COLUMN trial_end timestamptz,
        ADD COLUMN started_at timestamptz,
        ADD COLUMN cancel_at timestamptz,
        ADD COLUMN canceled_at timestamptz,
        ADD COLUMN ended_at timestamptz,
        ADD COLUMN ended_by text CHECK (ended_by IN ('PAYMENT_FAILED', 'PAYMENT_DISPUTED')),
        ADD COLUMN paused_until timestamptz,
        ADD COLUMN is_paused boolean NOT NULL DEFAULT false,
        ADD COLUMN schedule_id text,
        ADD COLUMN pending_plan_id text,
        ADD COLUMN pending_interval text CHECK (pending_interval IN ('MONTH', 'YEAR')),
        ADD COLUMN pending_at timestamptz,
        ADD COLUMN discount jsonb,
        ADD COLUMN past_due_since timestamptz,
        ADD COLUMN next_payment_attempt_at timestamptz,
        -- Of all subscriptions of the organization at Stripe that ever began.
        ADD COLUMN first_subscribed_at timestamptz,
        ADD COLUMN has_card_of_another_trial boolean NOT NULL DEFAULT false,
        ADD COLUMN free_since timestamptz,
        ADD COLUMN version integer NOT NULL DEFAULT 0,
        -- Counts synchronizations, so that of concurrent ones the later reading is kept.
        ADD COLUMN syncs integer NOT NULL DEFAULT 0,
        ADD COLUMN synced_at timestamptz,
        ADD CHECK ((pending_plan_id IS NULL) = (pending_at IS NULL));
      UPDATE billing.subscription SET plan_id = NULL;

      -- Without organization once that is erased: kept as the law asks.
      CREATE TABLE billing.invoice (
        id text PRIMARY KEY,
        organization_id uuid,
        customer_id text NOT NULL,
        stripe_subscription_id text,
        number text,
        status text NOT NULL,
        billing_reason text,
        currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
        -- Amounts in the currency's smallest unit, as everywhere at Stripe.
        subtotal bigint NOT NULL,
        discount_total bigint NOT NULL,
        tax_total bigint NOT NULL,
        total bigint NOT NULL,
        amount_due bigint NOT NULL,
        amount_paid bigint NOT NULL,
        amount_remaining bigint NOT NULL,
        attempt_count integer NOT NULL,
        next_payment_attempt_at timestamptz,
        -- Of the payment that is waited for: requires_action and others.
        payment_status text,
        failure_code text,
        period_start timestamptz NOT NULL,
        period_end timestamptz NOT NULL,
        created_at timestamptz NOT NULL,
        due_at timestamptz,
        finalized_at timestamptz,
        paid_at timestamptz,
        voided_at timestamptz,
        hosted_url text,
        pdf_url text,
        lines jsonb NOT NULL,
        taxes jsonb NOT NULL,
        kept_until date
      );
      CREATE INDEX ON billing.invoice (organization_id, created_at DESC, id DESC);
      CREATE INDEX ON billing.invoice (kept_until) WHERE kept_until IS NOT NULL;

      CREATE TABLE billing.payment (
        id text PRIMARY KEY,
        organization_id uuid,
        customer_id text NOT NULL,
        invoice_id text,
        payment_intent_id text,
        status text NOT NULL,
        currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
        amount bigint NOT NULL,
        amount_refunded bigint NOT NULL,
        failure_code text,
        card_brand text,
        card_last4 text,
        receipt_url text,
        refunds jsonb NOT NULL,
        dispute_id text,
        dispute_status text,
        dispute_reason text,
        dispute_amount bigint,
        dispute_due_at timestamptz,
        created_at timestamptz NOT NULL,
        kept_until date
      );
      CREATE INDEX ON billing.payment (organization_id, created_at DESC, id DESC);
      CREATE INDEX ON billing.payment (kept_until) WHERE kept_until IS NOT NULL;

      CREATE TABLE billing.payment_method (
        id text PRIMARY KEY,
        organization_id uuid NOT NULL,
        customer_id text NOT NULL,
        type text NOT NULL,
        brand text,
        last4 text,
        expiry_month integer CHECK (expiry_month BETWEEN 1 AND 12),
        expiry_year integer,
        is_default boolean NOT NULL,
        fingerprint_hash text,
        created_at timestamptz NOT NULL
      );
      CREATE INDEX ON billing.payment_method (organization_id, created_at DESC, id DESC);

      -- For ever, also without the organization: a card has one trial.
      CREATE TABLE billing.known_card (
        fingerprint_hash text PRIMARY KEY,
        subscription_id uuid NOT NULL,
        first_seen_at timestamptz NOT NULL
      );

      -- One row. By the key cards are recognized: what Stripe calls their fingerprint is not stored.
      CREATE TABLE billing.installation (
        id boolean PRIMARY KEY DEFAULT true CHECK (id),
        card_key bytea NOT NULL
      );
      INSERT INTO billing.installation (card_key)
      VALUES (decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'));

      CREATE TABLE billing.stripe_event (
        id text PRIMARY KEY,
        type text NOT NULL,
        customer_id text,
        is_live boolean NOT NULL,
        created_at timestamptz NOT NULL,
        received_at timestamptz NOT NULL,
        body text NOT NULL,
        state text NOT NULL CHECK (state IN ('RECEIVED', 'APPLIED', 'IGNORED')),
        ignored_because text,
        attempts integer NOT NULL DEFAULT 0,
        due_at timestamptz NOT NULL,
        error text,
        settled_at timestamptz,
        CHECK ((state = 'RECEIVED') = (settled_at IS NULL))
      );
      CREATE INDEX ON billing.stripe_event (due_at, customer_id) WHERE state = 'RECEIVED';
      CREATE INDEX ON billing.stripe_event (customer_id, created_at);
      CREATE INDEX ON billing.stripe_event (received_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE billing.stripe_event, billing.installation, billing.known_card, billing.payment_method, billing.payment, billing.invoice;
      ALTER TABLE billing.subscription
        ADD COLUMN purchase_status text,
        DROP COLUMN customer_id, DROP COLUMN former_customer_ids, DROP COLUMN stripe_subscription_id,
        DROP COLUMN stripe_item_id, DROP COLUMN status, DROP COLUMN interval, DROP COLUMN currency,
        DROP COLUMN period_start, DROP COLUMN period_end, DROP COLUMN trial_end, DROP COLUMN started_at,
        DROP COLUMN cancel_at, DROP COLUMN canceled_at, DROP COLUMN ended_at, DROP COLUMN ended_by,
        DROP COLUMN syncs, DROP COLUMN paused_until,
        DROP COLUMN is_paused, DROP COLUMN schedule_id, DROP COLUMN pending_plan_id, DROP COLUMN pending_interval,
        DROP COLUMN pending_at, DROP COLUMN discount, DROP COLUMN past_due_since, DROP COLUMN next_payment_attempt_at,
        DROP COLUMN first_subscribed_at, DROP COLUMN has_card_of_another_trial, DROP COLUMN free_since,
        DROP COLUMN version, DROP COLUMN synced_at;
      UPDATE billing.subscription SET plan_id = 'pro';
      ALTER TABLE billing.subscription ALTER COLUMN plan_id SET NOT NULL;
    `);
  }
}
