import type { Logger } from 'pino';
import { knowledgeVersion } from '../store/knowledge.ts';
import { learntModel } from '../store/models.ts';
import type { Queryable } from '../store/pool.ts';
import { activeWatches } from '../store/watches.ts';
import { editedLists } from '../store/word-lists.ts';
import { Knowledge, type Edits } from './knowledge.ts';

/** A change at the desk shows in every process after at most so long; in between nobody asks the database. */
const FRESH_MS = 1_000;

/**
 * The knowledge of a process as it stands in the database: asked for with every batch of drafts, made anew when something
 * was edited or learnt.
 */
export class KnowledgeKeeper {
  readonly #db: Queryable;
  readonly #log: Pick<Logger, 'info'> | null;
  readonly #freshMs: number;
  #known: Knowledge | null = null;
  #asked = 0;
  #asking: Promise<Knowledge> | null = null;

  /** @param db with every office in its scope: the watches of all are compiled together */
  constructor(db: Queryable, log: Pick<Logger, 'info'> | null = null, freshMs = FRESH_MS) {
    this.#db = db;
    this.#log = log;
    this.#freshMs = freshMs;
  }

  async current(): Promise<Knowledge> {
    if (this.#known && Date.now() - this.#asked < this.#freshMs) return this.#known;
    this.#asking ??= this.#ask().finally(() => (this.#asking = null));
    return this.#asking;
  }

  async #ask(): Promise<Knowledge> {
    const asked = Date.now();
    // Before what it stands for: whatever changes in between is read with the next question.
    const version = await knowledgeVersion(this.#db);
    if (this.#known?.version !== version) {
      const first = this.#known === null;
      this.#known = new Knowledge(version, await editsIn(this.#db), this.#known);
      if (!first) this.#log?.info({ version }, 'knowledge changed');
    }
    this.#asked = asked;
    return this.#known;
  }
}

async function editsIn(db: Queryable): Promise<Edits> {
  const lists = await editedLists(db);
  const learnt = await learntModel(db, 'sentiment');
  return {
    dictionary: lists.get('dictionary') ?? null,
    classes: lists.get('classes') ?? null,
    sentiment: learnt?.bytes ?? null,
    watches: await activeWatches(db),
  };
}
