import { parseArgs } from 'node:util';
import { readEnv } from '../config/env.ts';

/** The options that several commands share; what is not an option comes back in `rest`. */
export function commonOptions(args: string[]): {
  config: string | null;
  role: string | null;
  rest: string[];
} {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { config: { type: 'string', short: 'c' }, role: { type: 'string' } },
  });
  return {
    config: values.config ?? readEnv().JIANSHENG_CONFIG ?? null,
    role: values.role ?? null,
    rest: positionals,
  };
}
