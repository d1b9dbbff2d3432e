import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { projectRoot } from '#runtime/process/project-root.js';

type Variables = Record<string, string>;

/** One service of docker-compose.yml. */
export interface ComposeService {
  image: string;
  command: string[];
  environment: Variables;
  healthcheck: { test: string[]; retries: number };
  networks: string[];
  ports: string[];
  /** `name:/folder`. */
  volumes: string[];
  isReadOnly: boolean;
  replicas: number;
  /** The service as parsed, for everything else. */
  // biome-ignore lint/suspicious/noExplicitAny: the shape is that of the compose file
  text: any;
}

/** Puts variables in as compose does: `${NAME}`, `${NAME:-default}`, and `${NAME:?message}`, which throws. */
function interpolate(text: string, variables: Variables): string {
  return text.replaceAll(
    /\$(?:\$|\{(\w+)(?::([-?])([^}]*))?\})/g,
    (_whole, name?: string, mode?: string, rest?: string) => {
      if (!name) return '$';
      const value = variables[name];
      if (value) return value;
      if (mode === '?') throw new Error(`${name}: ${rest}`);
      return rest ?? '';
    },
  );
}

/**
 * Returns the services of docker-compose.yml, with these variables put in. Throws for a missing one that is required.
 */
export function readComposeFile(variables: Variables): Record<string, ComposeService> {
  const text = readFileSync(join(projectRoot, 'docker-compose.yml'), 'utf8');
  const { services } = parse(text, {
    merge: true,
    reviver: (_key, value) => (typeof value === 'string' ? interpolate(value, variables) : value),
  });
  return Object.fromEntries(
    // biome-ignore lint/suspicious/noExplicitAny: see above
    Object.entries<any>(services).map(([name, service]) => [
      name,
      {
        image: service.image,
        command: service.command ?? [],
        environment: { ...(service.env_file && variables), ...service.environment },
        healthcheck: service.healthcheck,
        networks: service.networks ?? [],
        ports: service.ports ?? [],
        volumes: service.volumes ?? [],
        isReadOnly: service.read_only ?? false,
        replicas: service.deploy?.replicas ?? 1,
        text: service,
      },
    ]),
  );
}
