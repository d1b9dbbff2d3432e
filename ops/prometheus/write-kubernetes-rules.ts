import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { projectRoot } from '#runtime/process/project-root.js';

// `node dist/ops/prometheus/write-kubernetes-rules.js` after a change of the rules: the same as a PrometheusRule for Kubernetes.

const groupsOf = (file: string) => parse(readFileSync(join(projectRoot, 'ops', 'prometheus', file), 'utf8')).groups;
const rule = {
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'PrometheusRule',
  metadata: { name: 'webmetrics' },
  spec: { groups: [...groupsOf('objectives.yaml'), ...groupsOf('alerts.yaml')] },
};
const head = '# The rules of ops/prometheus, written by dist/ops/prometheus/write-kubernetes-rules.js.\n';
const text = head + stringify(rule, { lineWidth: 0 });
writeFileSync(join(projectRoot, 'ops', 'kubernetes', 'components', 'monitoring', 'rules.yaml'), text);
