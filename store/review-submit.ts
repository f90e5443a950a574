import { Refused } from '../config/errors.ts';
import type { ReleaseContent } from '../config/release-content.ts';
import { flowOf } from '../config/review-rules.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { tellLive } from './live.ts';
import { messages } from './messages.ts';
import { transaction, type Queryable, type Store } from './pool.ts';
import { contentHash, CONTENT_COLUMNS, readContent } from './release-content.ts';
import type { ReleaseState } from './releases.ts';
import { askForReview } from './review-notices.ts';
import { roundById, walkOf } from './review-rounds.ts';
import { officeAbove } from './warning-act.ts';

const words = messages.releaseReviews;
export const LONGEST_NOTE = 500;

/** @throws Refused `review-note` for one too long */
export function noted(text: string): string {
  const plain = text.trim();
  if ([...plain].length > LONGEST_NOTE) throw new Refused('review-note', words.longNote(LONGEST_NOTE));
  return plain;
}

/**
 * Begins a walk through the reviews with the version that the writer has before them. That nothing blocks it is for whoever
 * calls to know: the checks run over the very version that is given here.
 * @returns the id of the round
 * @throws Refused `stale-version` when it was changed meanwhile; `review-state` when it is no draft; `review-secrecy` without a
 *   secrecy review of this version; `review-note`
 */
export async function submitForReview(
  store: Store,
  actor: Actor,
  { id, version, note: given = '' }: { id: number; version: number; note?: string },
  now: Date,
): Promise<number> {
  const note = noted(given);
  return transaction(store, async (client) => {
    const release = await holdDraft(client, id, version);
    const { officeId, state, urgent } = release;
    const content = readContent(release);
    const secrecy = await client.query(
      'select from secrecy_reviews where release_id = $1 and version = $2 limit 1',
      [id, version],
    );
    if (secrecy.rowCount === 0) throw new Refused('review-secrecy', words.noSecrecy);
    const flow = flowOf(content.type, urgent);
    const { sensitive, assigned } = content.details;
    const superior = sensitive || assigned ? await officeAbove(client, officeId) : null;
    const hash = contentHash(content);
    const made = await client.query<{ id: number }>(
      `insert into review_rounds (office_id, release_id, version, content, hash, flow, superior_office_id, submitted_by,
         submitted_at, waiting_since, note, authors)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $11) returning id`,
      [
        ...[officeId, id, version, JSON.stringify(content), hash, flow, superior, actor.id, now, note],
        await authorsOf(client, id, version, actor.id),
      ],
    );
    const { id: round } = made.rows[0] as { id: number };
    await client.query(`update releases set state = 'reviewing', updated_at = $2 where id = $1`, [id, now]);
    const opened = await roundById(client, round);
    if (opened) await askForReview(client, { id, title: content.title }, walkOf(opened), actor.id);
    await tellLive(client, { kind: 'release', officeId, releaseId: id });
    await appendAudit(client, {
      ...{ ...actor, officeId, action: 'review-submit', subject: `release:${id}` },
      ...{ before: { state }, after: { round, version, hash, flow, superior, note } },
    });
    return round;
  });
}

type Draft = ReleaseContent & {
  officeId: number;
  state: ReleaseState;
  version: number;
  urgent: boolean;
};

async function holdDraft(client: Queryable, id: number, version: number): Promise<Draft> {
  const found = await client.query<Draft>(
    `select r.office_id as "officeId", r.state, r.version, r.urgent, ${CONTENT_COLUMNS} from releases r where r.id = $1 for update`,
    [id],
  );
  const [release] = found.rows;
  if (!release || release.version !== version) throw new Refused('stale-version', messages.staleVersion);
  if (release.state !== 'draft') throw new Refused('review-state', words.notDraft);
  return release;
}

/** Who saved a version, and who submits it. */
async function authorsOf(
  client: Queryable,
  releaseId: number,
  version: number,
  submitter: string,
): Promise<string[]> {
  const found = await client.query<{ id: string }>(
    `select saved_by as id from release_revisions where release_id = $1 and version = $2
     union select created_by from releases where id = $1 and created_by is not null
       and not exists (select from release_revisions where release_id = $1 and version = $2)`,
    [releaseId, version],
  );
  return [...new Set([...found.rows.map(({ id }) => id), submitter])];
}
