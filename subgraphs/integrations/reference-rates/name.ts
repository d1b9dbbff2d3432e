/** Begins every error message about the rates. */
export const NAME = 'The European Central Bank';
