import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { renderMetrics } from '#runtime/telemetry/metrics-route.js';
import { openStage, type Stage, someone } from './testing/open-stage.js';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const linesOf = async (...names: string[]) => {
  const { body } = await renderMetrics();
  return body.split('\n').filter((line) => names.some((name) => line.startsWith(`${name}{`)));
};

it('the metrics show connections, whom a provider fails, tokens not renewed, and the keys that seal them', async () => {
  const [nora, ada] = [someone(), someone()];
  await stage.connect(nora, 'google-ads', { person: 'nora' });
  await stage.connect(ada, 'google-ads', { person: 'nora' });
  const { id } = await stage.connect(ada, 'meta-ads', { person: 'nora' });
  const { operations } = stage.services;
  const set = (what: string, ...values: unknown[]) =>
    operations.query(`UPDATE integrations.connection SET ${what}`, values);
  await set(
    `fault = '{"code":"TIMEOUT"}' WHERE organization_id = $1 AND provider_id = 'google-ads'`,
    nora.organizationId,
  );
  // Which a member can mend.
  await set(`fault = '{"code":"SCOPE_MISSING"}' WHERE id = $1`, id);
  await set(`expires_at = $2 WHERE id = $1`, id, new Date(stage.services.now().getTime() - 6 * 60_000));
  expect(
    await linesOf(
      'webmetrics_connections',
      'webmetrics_connected_organizations',
      'webmetrics_failing_organizations',
      'webmetrics_overdue_tokens',
    ),
  ).toEqual([
    'webmetrics_connections{provider="google-ads",status="ACTIVE"} 2',
    'webmetrics_connections{provider="meta-ads",status="ACTIVE"} 1',
    'webmetrics_connected_organizations{provider="google-ads"} 2',
    'webmetrics_connected_organizations{provider="meta-ads"} 1',
    'webmetrics_failing_organizations{provider="google-ads"} 1',
    'webmetrics_failing_organizations{provider="meta-ads"} 0',
    'webmetrics_overdue_tokens{provider="google-ads"} 0',
    'webmetrics_overdue_tokens{provider="meta-ads"} 1',
  ]);
  const sealed = (await linesOf('webmetrics_sealed_values')).filter((line) => line.includes('.connection.'));
  expect(sealed).toEqual([
    `webmetrics_sealed_values{column="integrations.connection.sealed_tokens",key="${stage.services.sealer.currentKeyId}"} 3`,
  ]);
});

it('the metrics count renewals by how they ended', async () => {
  const nora = someone();
  await stage.connect(nora, 'google-ads', { person: 'nora' });
  stage.clock.advanceSeconds(3_600);
  const before = await linesOf('webmetrics_token_renewals_total');
  await stage.subgraph.jobs[0]?.run({} as never, { reportProgress: async () => {} } as never);
  const after = await linesOf('webmetrics_token_renewals_total');
  const count = (lines: string[]) =>
    Number(
      lines
        .find((line) => line.includes('provider="google-ads",outcome="renewed"'))
        ?.split(' ')
        .at(-1) ?? 0,
    );
  expect(count(after)).toBe(count(before) + 1);
});
