import { stayBehindOthers } from '../../../hub/crawling/behind-others.ts';
import { ingest } from '../../../indexer/ingest.ts';
import { defaultKnowledge } from '../../../indexer/knowledge.ts';
import { openStore } from '../../../store/pool.ts';
import { oneOffice, scoped } from '../../../store/scope.ts';
import type { BenchSource } from '../sources.ts';
import { readDrafts } from './draft-file.ts';

/** The process that takes drafts in: started by the benchmark, told what to do by its first message. */
export type Order = { appUrl: string; source: BenchSource; posts: number; file: string };
export type Progress = {
  /** Without those that a step refused or withheld. */
  stored: number;
  residentAtQuarter: number;
  residentAtEnd: number;
  cpuMicroseconds: number;
};

/** Visits at a time: while one waits for the database, another one is read. */
const VISITS = 2;
const NOW = Date.UTC(2026, 10, 22, 4);

process.once('message', (order: Order) => {
  void take(order).then((progress) => {
    process.send?.(progress, () => process.exit(0));
  });
});

async function take({ appUrl, source, posts, file }: Order): Promise<Progress> {
  stayBehindOthers();
  const pool = openStore(appUrl, 'bench crawl', { max: 4 });
  const store = scoped(pool, oneOffice(source.officeId));
  const knowledge = defaultKnowledge();
  const drafts = readDrafts(file);
  const progress: Progress = { stored: 0, residentAtQuarter: 0, residentAtEnd: 0, cpuMicroseconds: 0 };
  let done = 0;
  const visit = async () => {
    for (let batch = await drafts.next(); batch; batch = await drafts.next()) {
      const result = await ingest(store, source, batch, NOW, knowledge);
      done += batch.length;
      progress.stored += result.fresh - result.withheld;
      if (progress.residentAtQuarter === 0 && done >= posts / 4) progress.residentAtQuarter = resident();
    }
  };
  await Promise.all(Array.from({ length: VISITS }, visit));
  progress.residentAtEnd = resident();
  progress.cpuMicroseconds = cpu();
  await pool.end();
  return progress;
}

/** What is left once everything that can go has gone. */
function resident(): number {
  globalThis.gc?.();
  return process.memoryUsage.rss();
}

function cpu(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
