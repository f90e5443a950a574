import { parseArgs, type ParseArgsConfig } from 'node:util';
import { readEnv } from '../config/env.ts';
import { errorText, Refused } from '../config/errors.ts';
import { messages } from './messages.ts';

export type CommonOptions = { config: string | null; role: string | null; rest: string[] };

type Options = NonNullable<ParseArgsConfig['options']>;

/**
 * Parses the options of a command; what is not an option comes back in `positionals`.
 * @throws Refused when an option does not exist
 */
export function parseOptions<const T extends Options>(args: string[], options: T) {
  try {
    return parseArgs({ args, allowPositionals: true, options });
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new Refused('wrong-option', messages.wrongOption(errorText(cause).split('. ')[0] ?? ''), { cause });
  }
}

/**
 * The options that several commands share; what is not an option comes back in `rest`.
 * @throws Refused when an option does not exist
 */
export function commonOptions(args: string[]): CommonOptions {
  const { values, positionals } = parseOptions(args, { ...configOption, role: { type: 'string' } });
  return { config: configPath(values), role: values.role ?? null, rest: positionals };
}

export const configOption = { config: { type: 'string', short: 'c' } } as const;

/** Path of hub.yaml; null: the sample. */
export function configPath(values: { config?: string | undefined }): string | null {
  return values.config ?? readEnv().JIANSHENG_CONFIG ?? null;
}
