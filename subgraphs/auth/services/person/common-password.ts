let common: Promise<Set<string>> | undefined;

// 400 kB that a process which never sets a password does without.
async function readCommonPasswords(): Promise<Set<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  return new Set(dictionary['passwords-common'].map((password) => String(password).toLowerCase()));
}

/** Whether a password is one of the 49,000 that are tried first, in whatever case. */
export async function isCommonPassword(password: string): Promise<boolean> {
  common ??= readCommonPasswords();
  return (await common).has(password.normalize('NFKC').toLowerCase());
}
