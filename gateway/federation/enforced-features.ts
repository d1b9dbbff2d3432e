import type { SupergraphSdlHook } from '@apollo/gateway';

const LINK = /@link\(\s*url:\s*"https:\/\/specs\.apollo\.dev\/(?:authenticated|requiresScopes|policy)\/v0\.1"[^)]*\)/g;
const PURPOSE = /\s*,?\s*for:\s*SECURITY/;

/**
 * Returns a supergraph that Apollo's gateway takes: it refuses one that links `@authenticated`, `@requiresScopes` and `@policy` for security,
 * as it does not enforce them. `gateway/execution/authorization/` does.
 */
export function withEnforcedFeatures(supergraphSdl: string): string {
  return supergraphSdl.replace(LINK, (link) => link.replace(PURPOSE, ''));
}

/** Returns what gives Apollo's gateway each supergraph so that it takes it. */
export function enforcingFeatures(supergraphSdl: SupergraphSdlHook): SupergraphSdlHook {
  return async (options) => {
    const given = await supergraphSdl({ ...options, update: (sdl) => options.update(withEnforcedFeatures(sdl)) });
    return { ...given, supergraphSdl: withEnforcedFeatures(given.supergraphSdl) };
  };
}
