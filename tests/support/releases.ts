import { contentOf, type ReleaseContent } from '../../config/release-content.ts';
import { documentOfText } from '../../publisher/releases/plain.ts';
import type { Actor } from '../../store/actor.ts';
import type { Store } from '../../store/pool.ts';
import { createRelease } from '../../store/releases.ts';

/** A release that has passed its reviews, for tests that are not about reviews. @returns what it is scheduled by */
export async function approvedRelease(
  db: Store,
  actor: Actor,
  content: ReleaseContent = contentOf({ title: '检察开放日', document: documentOfText('欢迎参加。') }),
): Promise<{ id: number; version: number }> {
  const id = await createRelease(db, actor, content);
  const approved = await db.query<{ version: number }>(
    `update releases set state = 'approved' where id = $1 returning version`,
    [id],
  );
  return { id, version: approved.rows[0]?.version ?? 0 };
}
