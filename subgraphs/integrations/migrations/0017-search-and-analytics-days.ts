import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A table of figures by day, dimension and value of it; the dimension '' has the sums of all values. */
const byDimension = (table: string, figures: string) => `
  CREATE TABLE integrations.${table} (
    organization_id uuid NOT NULL,
    account_id uuid NOT NULL,
    day date NOT NULL,
    dimension text NOT NULL,
    value text NOT NULL,
    ${figures},
    CONSTRAINT ${table}_account_id_fkey FOREIGN KEY (organization_id, account_id)
      REFERENCES integrations.account_history (organization_id, account_id) ON DELETE CASCADE
  ) PARTITION BY RANGE (day);
  CREATE INDEX ${table}_dimension ON integrations.${table} (organization_id, account_id, dimension, day);`;

/**
 * Copied days of Search Console and Google Analytics. Values, such as addresses of pages, may be longer than what an index
 * takes: rows are unique as the days of an account are replaced as a whole.
 */
export class SearchAndAnalyticsDays1764500001701 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      byDimension('search_metrics', 'clicks bigint NOT NULL, impressions bigint NOT NULL, positions numeric NOT NULL'),
    );
    await runner.query(
      byDimension(
        'analytics_metrics',
        `sessions bigint NOT NULL, engaged_sessions bigint NOT NULL, new_users bigint NOT NULL, views bigint NOT NULL,
         events bigint NOT NULL, key_events numeric NOT NULL, transactions numeric NOT NULL, revenue numeric NOT NULL,
         engagement_seconds numeric NOT NULL, session_seconds numeric NOT NULL`,
      ),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE integrations.analytics_metrics, integrations.search_metrics');
  }
}
