/** Whose trail tells what is done to the whole installation, or by somebody who belongs to no organization. */
export const INSTALLATION = '00000000-0000-0000-0000-000000000000';
