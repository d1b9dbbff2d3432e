import { ConfigurationError } from '#runtime/errors.js';

/**
 * Returns a package with a native binary. Throws ConfigurationError, which says what to do, where there is none for this
 * system.
 */
export async function loadNative<Package>(name: string, load: () => Promise<Package>): Promise<Package> {
  try {
    return await load();
  } catch (cause) {
    const { platform, arch } = process;
    throw new ConfigurationError(
      `The package ${name} has no binary for ${platform} ${arch}. Run \`npm ci\` on this very system; if it has none, too, ` +
        `\`npm rebuild ${name}\` compiles one with Python and a C++ compiler.`,
      { cause },
    );
  }
}

/** Native bcrypt, computed on libuv's threads. */
export const { default: bcrypt } = await loadNative('bcrypt', () => import('bcrypt'));
