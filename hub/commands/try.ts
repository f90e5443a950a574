import { createInterface } from 'node:readline';
import { errorText } from '../../config/errors.ts';
import { messages } from '../messages.ts';
import { trials } from '../trials/index.ts';
import { tryExtract } from './try-extract.ts';

/**
 * `jiansheng try extract <address or file>`: see tryExtract. `jiansheng try <step>`: JSON lines on standard input, one JSON line out for each, nothing stored. A line that cannot be
 * used gives `{"error": …}` in its place, so that lines out and lines in stay together; the exit code is then 1.
 */
export async function tryStep(args: string[]): Promise<number> {
  const [name = '', ...rest] = args;
  if (name === 'extract' && rest.length > 0) return tryExtract(rest);
  const load = Object.hasOwn(trials, name) ? trials[name] : undefined;
  if (!load) {
    console.error(messages.tryUsage(Object.keys(trials)));
    return 2;
  }
  const { trial } = await load();
  let failed = false;
  let number = 0;
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    number += 1;
    if (line.trim() === '') continue;
    let answer: unknown;
    try {
      answer = await trial(parse(line));
    } catch (error) {
      failed = true;
      answer = { error: messages.tryBadLine(number, errorText(error)) };
    }
    if (!process.stdout.write(`${JSON.stringify(answer)}\n`)) {
      await new Promise((resolve) => process.stdout.once('drain', resolve));
    }
  }
  return failed ? 1 : 0;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new Error(messages.tryNotJson, { cause });
  }
}
