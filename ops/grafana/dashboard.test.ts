import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectRoot } from '#runtime/process/project-root.js';
import { renderMetrics } from '#runtime/telemetry/metrics-route.js';
import { registry } from '#runtime/telemetry/registry.js';

interface Panel {
  id: number;
  type: string;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { expr: string; legendFormat: string; datasource: { uid: string } }[];
}

const dashboard = JSON.parse(readFileSync(join(projectRoot, 'ops', 'grafana', 'dashboard.json'), 'utf8')) as {
  panels: Panel[];
  templating: { list: { name: string }[] };
};
const expressions = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

await renderMetrics();
const metrics = await registry.getMetricsAsJSON();
const labelsOf = new Map(
  metrics.map(({ name }) => [name, (registry.getSingleMetric(name) as unknown as { labelNames: string[] }).labelNames]),
);

/** The names a metric has in the text format. */
function seriesOf({ name, type }: { name: string; type: unknown }): string[] {
  const kind = String(type);
  return kind === 'histogram' || kind === 'summary' ? ['_bucket', '_count', '_sum'].map((end) => name + end) : [name];
}

const exported = new Map(metrics.flatMap((metric) => seriesOf(metric as never).map((series) => [series, metric.name])));

const used = expressions.flatMap((expr) => expr.match(/\b(?:webmetrics|nodejs|process)_[a-z0-9_]+/g) ?? []);

describe('the Grafana dashboard', () => {
  it('shows nothing but what is exported', () => {
    expect(used.length).toBeGreaterThan(30);
    expect(used.filter((series) => !exported.has(series))).toEqual([]);
  });

  it('shows every figure of ours', () => {
    const shown = new Set(used.map((series) => exported.get(series)));
    const ours = metrics.map(({ name }) => name).filter((name) => name.startsWith('webmetrics_'));
    expect(ours.length).toBeGreaterThan(12);
    expect(ours.filter((name) => !shown.has(name))).toEqual([]);
  });

  it('asks only for labels the figures have', () => {
    const wrong = expressions.flatMap((expr) => {
      const known = new Set(['le', 'instance']);
      for (const series of expr.match(/\b(?:webmetrics|nodejs|process)_[a-z0-9_]+/g) ?? [])
        for (const label of labelsOf.get(exported.get(series) ?? '') ?? []) known.add(label);
      const selected = [...expr.matchAll(/(\w+)\s*(?:=~|!~|!=|=)"/g)].map(([, label]) => label ?? '');
      const grouped = [...expr.matchAll(/(?:by|group_left|on) \(([^)]*)\)/g)].flatMap(([, list]) => list?.split(', '));
      return [...selected, ...grouped].filter((label) => !known.has(label ?? '')).map((label) => `${label} in ${expr}`);
    });
    expect(wrong).toEqual([]);
  });

  it('names its lines by labels they have', () => {
    const targets = dashboard.panels.flatMap((panel) => panel.targets ?? []);
    const wrong = targets.flatMap(({ expr, legendFormat }) =>
      [...legendFormat.matchAll(/{{(\w+)}}/g)].filter(([, label]) => !new RegExp(`\\b${label}\\b`).test(expr)),
    );
    expect(wrong).toEqual([]);
  });

  it('has a row for each part, and no two panels in one place', () => {
    const rows = dashboard.panels.filter(({ type }) => type === 'row').map(({ title }) => title);
    expect(rows).toEqual(['Traffic', 'GraphQL', 'Subgraphs', 'Providers', 'Cache', 'Jobs', 'Process', 'Installation']);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    const places = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)} ${y + Math.floor(cell / w)}`),
    );
    expect(new Set(places).size).toBe(places.length);
  });

  it('takes its data from the chosen source', () => {
    expect(dashboard.templating.list.map(({ name }) => name)).toEqual(['datasource', 'instance']);
    const sources = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ datasource }) => datasource.uid));
    expect(new Set(sources)).toEqual(new Set(['$' + '{datasource}']));
  });
});

describe('the names of the figures', () => {
  it('follow the conventions of Prometheus', () => {
    const ours = metrics.filter(({ name }) => name.startsWith('webmetrics_'));
    for (const { name, type, help } of ours) {
      const kind = String(type);
      expect([name, help.length > 10 && help.endsWith('.')]).toEqual([name, true]);
      if (kind === 'counter') expect(name).toMatch(/_total$/);
      if (kind === 'histogram') expect(name).toMatch(/_seconds$/);
      if (kind === 'gauge') expect(name).not.toMatch(/_total$/);
    }
  });
});
