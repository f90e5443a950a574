import { z } from 'zod';

/** @throws Error that names every wrong field */
export function check<T>(schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new Error(z.prettifyError(result.error));
}
