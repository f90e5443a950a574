import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { secrecyItems, type Finding } from '../config/release-checks.ts';
import { contentOf, type ReleaseContent } from '../config/release-content.ts';
import { personalData } from '../indexer/redaction/find.ts';
import { isAboutMinor } from '../indexer/redaction/minors.ts';
import { runChecks } from '../publisher/releases/checks/index.ts';
import type { CheckTools } from '../publisher/releases/checks/types.ts';
import { documentOfText } from '../publisher/releases/plain.ts';
import { createWorld } from '../sample/story/world.ts';
import institutionFile from './support/redaction/institutions.json' with { type: 'json' };

const NEWS = ['sohu_dc.jsonl', 'sohu_dd.jsonl'].map((name) =>
  join(import.meta.dirname, '../../shared/data/near-duplicates', name),
);
const SEED = 4711;
/** As long as a release may be on WeChat. */
const LONG = 20_000;
const ROUNDS = 20;
/** What is shorter is a headline. */
const LEAST = 40;

/**
 * How loud and how slow the checks of releases are, without links and what is stored.
 *
 * - `officePer1000`: findings per 1,000 texts in reports of the sample's press about offices, sent in as notices. What each
 *   text is told once (a case without a stage) counts; the secrecy review is taken as made. The lists were tried on the same
 *   grammar, so that this is how quiet they are, not how quiet they would be on any text.
 * - `officeBlockedPer1000`: how many of these texts could not be sent on at all.
 * - `institutionsPer1000`: the same in sentences about institutions and people who act publicly.
 * - `newsPer1000`, `newsBlockedPer1000`: in general news of ../shared/data (throws when absent), which are full of private
 *   names: `newsBeyondNamesPer1000` is what else is found there.
 * - `millisecondsLong`: median time of all checks on a release of 20,000 characters.
 */
export async function bench(): Promise<Record<string, number>> {
  const office = await measure('reports about offices', reports());
  const institutions = await measure('sentences about institutions', institutionFile.institutions);
  const news = await measure('general news', newsTexts());
  return {
    ...{ officePer1000: office.all, officeBlockedPer1000: office.blocked },
    ...{ institutionsPer1000: institutions.all, newsPer1000: news.all, newsBlockedPer1000: news.blocked },
    ...{ newsBeyondNamesPer1000: news.beyondNames, millisecondsLong: await timeOf(reports().join('\n')) },
  };
}

const now = Date.now();
const tools: CheckTools = {
  office: { name: '云州市人民检察院', others: new Set() },
  personalData,
  aboutMinor: (text) => isAboutMinor(text, now),
  likeness: () => 0,
  recent: () => Promise.resolve([]),
  media: () => Promise.resolve(new Map()),
  probe: () => Promise.resolve({ kind: 'fine' }),
  secrecy: secrecyItems,
};

const check = (content: ReleaseContent): Promise<Finding[]> =>
  runChecks(content, tools, (key, thrown) => {
    throw new Error(`${key} could not run`, { cause: thrown });
  });

const releaseOf = (text: string) => contentOf({ title: '工作动态', document: documentOfText(text) });

async function measure(name: string, texts: readonly string[]) {
  const by = new Map<string, number>();
  let blocked = 0;
  let beyondNames = 0;
  for (const text of texts) {
    const found = await check(releaseOf(text));
    for (const { check, severity } of found)
      by.set(`${check} ${severity}`, (by.get(`${check} ${severity}`) ?? 0) + 1);
    if (found.some(({ severity }) => severity === 'block')) blocked += 1;
    beyondNames += found.filter(({ check }) => check !== 'personal-data').length;
  }
  const per1000 = (count: number) => Math.round((1_000 * count) / texts.length);
  const all = [...by.values()].reduce((sum, count) => sum + count, 0);
  console.log(`${name}: ${texts.length} texts, per 1,000:`);
  for (const [key, count] of [...by].sort((a, b) => b[1] - a[1])) console.log(`  ${key}: ${per1000(count)}`);
  return { all: per1000(all), blocked: per1000(blocked), beyondNames: per1000(beyondNames) };
}

/** What the sample's news sites say, which is mostly about offices. */
function reports(): string[] {
  const world = createWorld({ seed: SEED, anchor: now });
  return (['news', 'rss', 'atom', 'jsonfeed'] as const).flatMap((site) =>
    world
      .items(site, now)
      .map(({ text }) => text)
      .filter((text) => text.length >= LEAST),
  );
}

function newsTexts(): string[] {
  const missing = NEWS.find((file) => !existsSync(file));
  if (missing !== undefined) throw new Error(`${missing} is absent: the figures of news need it`);
  const texts = NEWS.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .flatMap((line) => Object.values(JSON.parse(line) as Record<string, unknown>)),
  );
  return [...new Set(texts)].filter(
    (text): text is string => typeof text === 'string' && text.length >= LEAST,
  );
}

async function timeOf(text: string): Promise<number> {
  const content = releaseOf(text.slice(0, LONG));
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const began = performance.now();
    await check(content);
    times.push(performance.now() - began);
  }
  return Math.round(10 * (times.sort((a, b) => a - b)[ROUNDS >> 1] ?? Number.NaN)) / 10;
}
