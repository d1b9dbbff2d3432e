import { useState } from 'react';
import { type DefaultValues, type FieldValues, type Path, useForm } from 'react-hook-form';
import { describeError, problemsByArgument } from '#dashboard/graph/query.ts';
import { WebMetricsError } from '#gateway/client/index.js';

/**
 * A form that is checked by the API: what it says about an argument stands at the field of that name, anything else in `problem`.
 * While it is being sent, a second click does nothing; what was entered stays until it is accepted. `needsCode` becomes true when a
 * password must come with a code of the second factor.
 */
export function useApiForm<Values extends FieldValues>(
  defaultValues: DefaultValues<Values>,
  send: (values: Values) => Promise<unknown>,
) {
  const form = useForm<Values>({ defaultValues });
  const [needsCode, setNeedsCode] = useState(false);
  const { errors, isSubmitting } = form.formState;
  const onSubmit = form.handleSubmit(async (values) => {
    try {
      await send(values);
    } catch (error) {
      if (error instanceof WebMetricsError && error.code.startsWith('TWO_FACTOR_')) setNeedsCode(true);
      const problems = problemsByArgument(error);
      // `input.name` is a part of the argument `input`, and the field `name`.
      const known = Object.entries(problems).map(([argument, message]) => [argument.split('.').at(-1) ?? '', message]);
      const shown = known.filter(([name]) => (name as string) in values);
      for (const [name, message] of shown) form.setError(name as Path<Values>, { message });
      if (shown.length === 0) form.setError('root', { message: describeError(error).message });
    }
  });
  return {
    ...form,
    onSubmit,
    needsCode,
    isBusy: isSubmitting,
    problem: errors.root?.message,
    /** Returns what spreads into a `<Field>`. */
    field: (name: Path<Values>) => ({
      ...form.register(name),
      problem: (errors as Record<string, { message?: string } | undefined>)[name]?.message,
    }),
  };
}
