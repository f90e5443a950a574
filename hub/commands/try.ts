import { createInterface } from 'node:readline';
import { errorText } from '../../config/errors.ts';
import { messages } from '../messages.ts';
import { trials, trialsOfAll, type TrialOfAll } from '../trials/index.ts';
import { tryExtract } from './try-extract.ts';

/**
 * `jiansheng try extract <address or file>`: see tryExtract. `jiansheng try <step>`: JSON lines on standard input, one JSON
 * line out for each, nothing stored; of steps in which what comes later changes the answer (trialsOfAll) when all have been
 * read. A line that cannot be used gives `{"error": …}` in its place, so that lines out and lines in stay together; the
 * exit code is then 1.
 */
export async function tryStep(args: string[]): Promise<number> {
  const [name = '', ...rest] = args;
  if (name === 'extract' && rest.length > 0) return tryExtract(rest);
  if (Object.hasOwn(trialsOfAll, name)) return tryAll((await trialsOfAll[name]!()).begin());
  const load = Object.hasOwn(trials, name) ? trials[name] : undefined;
  if (!load) {
    console.error(messages.tryUsage([...Object.keys(trials), ...Object.keys(trialsOfAll)]));
    return 2;
  }
  const { trial } = await load();
  let failed = false;
  for await (const { number, line } of lines()) {
    let answer: unknown;
    try {
      answer = await trial(parse(line));
    } catch (error) {
      failed = true;
      answer = { error: messages.tryBadLine(number, errorText(error)) };
    }
    await write(answer);
  }
  return failed ? 1 : 0;
}

async function tryAll(trial: TrialOfAll): Promise<number> {
  const faults: ({ error: string } | null)[] = [];
  for await (const { number, line } of lines()) {
    try {
      trial.add(parse(line));
      faults.push(null);
    } catch (error) {
      faults.push({ error: messages.tryBadLine(number, errorText(error)) });
    }
  }
  const answers = trial.end().values();
  for (const fault of faults) await write(fault ?? answers.next().value);
  return faults.some((fault) => fault !== null) ? 1 : 0;
}

/** Lines of standard input with their numbers, those left out in which nothing stands. */
async function* lines(): AsyncGenerator<{ number: number; line: string }> {
  let number = 0;
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    number += 1;
    if (line.trim() !== '') yield { number, line };
  }
}

async function write(answer: unknown): Promise<void> {
  if (!process.stdout.write(`${JSON.stringify(answer)}\n`)) {
    await new Promise((resolve) => process.stdout.once('drain', resolve));
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new Error(messages.tryNotJson, { cause });
  }
}
