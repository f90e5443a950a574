import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { errorText, Refused } from '../../config/errors.ts';
import { levelNames } from '../../config/warning-levels.ts';
import { shippedRules } from '../../config/warning-rules.ts';
import { shanghaiTime } from '../../config/shanghai.ts';
import { defaultKnowledge } from '../../indexer/knowledge.ts';
import { KnowledgeKeeper } from '../../indexer/knowledge-keeper.ts';
import { measured, replayOffice } from '../../indexer/warnings/replay-office.ts';
import { replayDrafts, replayed, type FileEvent } from '../../indexer/warnings/replay-file.ts';
import { listMarkedEvents } from '../../store/marked-events.ts';
import { firstOfficeId, officeByCode } from '../../store/offices.ts';
import type { Pool } from '../../store/pool.ts';
import type { ReplayResult } from '../../store/replays.ts';
import { activeRules } from '../../store/warning-rules.ts';
import { messages } from '../messages.ts';
import { configOption, configPath, parseOptions } from '../options.ts';
import { mustReach, reach, withPool } from './engines.ts';

const words = messages.replay;
const DAY_MS = 86_400_000;

/** A day of Asia/Shanghai, or a moment with its zone. */
const moment = z
  .string()
  .transform((text) => (/^\d{4}-\d\d-\d\d$/u.test(text) ? `${text}T00:00:00+08:00` : text))
  .pipe(z.iso.datetime({ offset: true }))
  .transform((text) => new Date(text));

/**
 * `jiansheng replay --from <day> --to <day>`: runs the stored past of an office, or the posts of a file, through grouping and
 * rules as if live, writes nothing, and says how early and how often wrong they are against marked events. With `--json` one
 * JSON object. The end is exclusive; a day without time is one of Asia/Shanghai.
 */
export async function replay(args: string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    ...configOption,
    from: { type: 'string' },
    to: { type: 'string' },
    office: { type: 'string' },
    file: { type: 'string' },
    events: { type: 'string' },
    json: { type: 'boolean' },
  });
  const range = { from: momentOf(values.from), to: momentOf(values.to) };
  const fromFile = values.file !== undefined;
  const wrong = [range.from, range.to].some((at) => at === null) && !fromFile;
  if (positionals.length > 0 || wrong || (values.events !== undefined && !fromFile)) {
    console.error(words.usage);
    return 2;
  }
  const result =
    values.file === undefined
      ? await ofOffice(configPath(values), values.office ?? null, range as { from: Date; to: Date })
      : await ofFile(configPath(values), values.office ?? null, values.file, values.events ?? null, range);
  if (values.json) console.log(JSON.stringify(result));
  else show(result);
  return 0;
}

/** Null: not given. @throws Refused `wrong-option` */
function momentOf(text: string | undefined): Date | null {
  if (text === undefined) return null;
  const read = moment.safeParse(text);
  if (!read.success) throw new Refused('wrong-option', messages.wrongOption(text));
  return read.data;
}

async function ofOffice(
  config: string | null,
  code: string | null,
  range: { from: Date; to: Date },
): Promise<ReplayResult> {
  const reached = mustReach(config, 'replay');
  return withPool(reached.databaseUrl, 'replay', async (pool) => {
    const office = await officeOf(pool, code);
    const { segmenter } = await new KnowledgeKeeper(pool).current();
    return replayOffice(pool, office, range, segmenter);
  });
}

/** By the rules and the marks of a hub that can be reached, else by those that ship. */
async function ofFile(
  config: string | null,
  code: string | null,
  path: string,
  eventsPath: string | null,
  { from, to }: { from: Date | null; to: Date | null },
): Promise<ReplayResult> {
  const lines = read(path);
  const events =
    eventsPath === null ? null : read(eventsPath).map((line) => eventLine.parse(JSON.parse(line)));
  const posts = lines.map((line, n) => postLine(line, n + 1));
  const reached = reach(config);
  const { rules, marks, knowledge } = reached
    ? await withPool(reached.databaseUrl, 'replay', async (pool) => {
        const office = await officeOf(pool, code);
        return {
          rules: await activeRules(pool, office),
          marks: (await listMarkedEvents(pool, [office])).map(measured),
          knowledge: await new KnowledgeKeeper(pool).current(),
        };
      })
    : {
        rules: shippedRules.map((one, n) => ({ ...one, id: n + 1, version: 1 })),
        marks: [],
        knowledge: defaultKnowledge(),
      };
  const run = await replayDrafts(posts, rules, knowledge);
  const range = { from: from?.getTime() ?? run.from, to: to?.getTime() ?? run.to + DAY_MS };
  return replayed(run, events ?? marks, range);
}

async function officeOf(pool: Pool, code: string | null): Promise<number> {
  if (code === null) return firstOfficeId(pool);
  const office = await officeByCode(pool, null, code);
  if (!office) throw new Refused('no-office', words.noOffice(code));
  return office.id;
}

function read(path: string): string[] {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '');
  } catch (cause) {
    throw new Refused('export-unreadable', messages.extract.unreadable(path, errorText(cause)), { cause });
  }
}

const at = z.union([z.number(), moment.transform((date) => date.getTime())]);
const eventLine = z
  .object({ name: z.string(), began: at, peak: at.nullable().default(null), ended: at })
  .transform(({ name, began, peak, ended }): FileEvent => ({
    name,
    beganAt: began,
    peakAt: peak,
    endedAt: ended,
  }));
const postSchema = z.object({
  at,
  text: z.string(),
  title: z.string().nullable().default(null),
  source: z.string().default(''),
  url: z.string().nullable().default(null),
  parent: z.string().nullable().default(null),
  kind: z.enum(['article', 'post', 'comment']).default('post'),
});

function postLine(line: string, number: number) {
  try {
    return postSchema.parse(JSON.parse(line));
  } catch (cause) {
    throw new Refused('wrong-option', messages.wrongOption(messages.tryBadLine(number, errorText(cause))), {
      cause,
    });
  }
}

function show({ posts, days, suggestions, events, ...figures }: ReplayResult): void {
  console.log(words.head(posts, days));
  for (const { at: when, level, subject, rule, why, event } of suggestions) {
    const about = events.find(({ id }) => id === event)?.name ?? null;
    console.log(words.line(shanghaiTime(new Date(when)), levelNames[level], subject.title, rule, why, about));
  }
  for (const { name, found, leadMinutes } of events)
    console.log(words.event(name, found !== null, leadMinutes));
  const percent = (share: number | null) => (share === null ? null : `${(100 * share).toFixed(1)}%`);
  console.log(
    words.figures(
      percent(figures.precision),
      percent(figures.recall),
      figures.medianLeadMinutes,
      figures.falsePer30Days,
      figures.falseAboveBluePer30Days,
    ),
  );
}
