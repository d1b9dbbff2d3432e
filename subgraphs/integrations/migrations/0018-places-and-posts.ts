import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Copies of places with their figures by day, and of posts with the figures that were last read. */
export class PlacesAndPosts1764500001801 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE integrations.place (
        organization_id uuid NOT NULL,
        account_id uuid NOT NULL,
        external_id text NOT NULL,
        name text NOT NULL,
        store_code text,
        address text,
        phone text,
        website_url text,
        maps_url text,
        is_open boolean NOT NULL,
        listed_at timestamptz NOT NULL,
        PRIMARY KEY (organization_id, account_id, external_id),
        FOREIGN KEY (organization_id, account_id)
          REFERENCES integrations.account_history (organization_id, account_id) ON DELETE CASCADE
      );
      CREATE TABLE integrations.place_day (
        organization_id uuid NOT NULL,
        account_id uuid NOT NULL,
        day date NOT NULL,
        place_id text NOT NULL,
        search_impressions bigint NOT NULL,
        maps_impressions bigint NOT NULL,
        website_clicks bigint NOT NULL,
        call_clicks bigint NOT NULL,
        direction_requests bigint NOT NULL,
        conversations bigint NOT NULL,
        bookings bigint NOT NULL,
        PRIMARY KEY (organization_id, account_id, day, place_id),
        FOREIGN KEY (organization_id, account_id)
          REFERENCES integrations.account_history (organization_id, account_id) ON DELETE CASCADE
      ) PARTITION BY RANGE (day);
      CREATE TABLE integrations.post (
        organization_id uuid NOT NULL,
        account_id uuid NOT NULL,
        day date NOT NULL,
        external_id text NOT NULL,
        created_at timestamptz NOT NULL,
        text text NOT NULL,
        url text NOT NULL,
        impressions bigint,
        likes bigint,
        reposts bigint,
        replies bigint,
        quotes bigint,
        bookmarks bigint,
        link_clicks bigint,
        profile_clicks bigint,
        fetched_at timestamptz NOT NULL,
        PRIMARY KEY (organization_id, account_id, day, external_id),
        FOREIGN KEY (organization_id, account_id)
          REFERENCES integrations.account_history (organization_id, account_id) ON DELETE CASCADE
      ) PARTITION BY RANGE (day);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE integrations.place, integrations.place_day, integrations.post');
  }
}
