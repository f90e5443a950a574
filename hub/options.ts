import { parseArgs } from 'node:util';
import { readEnv } from '../config/env.ts';
import { errorText, Refused } from '../config/errors.ts';
import { messages } from './messages.ts';

export type CommonOptions = { config: string | null; role: string | null; rest: string[] };

/**
 * The options that several commands share; what is not an option comes back in `rest`.
 * @throws Refused when an option does not exist
 */
export function commonOptions(args: string[]): CommonOptions {
  try {
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
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new Refused('wrong-option', messages.wrongOption(errorText(cause).split('. ')[0] ?? ''), { cause });
  }
}
