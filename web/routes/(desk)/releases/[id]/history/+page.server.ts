import { error, fail } from '@sveltejs/kit';
import type { ContentDiff } from '../../../../../../publisher/releases/diff.ts';
import { addTemplate } from '../../../../../../store/release-templates.ts';
import { revisionOf, revisionsOf } from '../../../../../../store/release-revisions.ts';
import { saveRelease } from '../../../../../../store/releases.ts';
import { messages } from '../../../../../lib/messages.ts';
import { writingMessages } from '../../../../../lib/messages/writing.ts';
import { reading, type Desk } from '../../../../../lib/server/desk.ts';
import { field, orFail } from '../../../../../lib/server/form.ts';
import { readId } from '../../../../../lib/server/read-id.ts';
import { releaseToChange } from '../../../../../lib/server/releases.ts';
import type { Actions, PageServerLoad } from './$types';

const words = writingMessages.history;

export const load: PageServerLoad = async ({ locals, params, url, depends }) => {
  depends('live:releases');
  const desk = reading(locals);
  const id = readId(params.id);
  const revisions = await revisionsOf(desk.db, id);
  const asked = (name: string) => {
    const version = Number(url.searchParams.get(name));
    return revisions.some((each) => each.version === version) ? version : null;
  };
  const to = asked('to') ?? revisions[0]?.version ?? null;
  const before = revisions.find(({ version }) => to !== null && version < to)?.version ?? null;
  const from = asked('from') ?? before;
  const compared = from !== null && to !== null && from !== to;
  return {
    revisions,
    compared: compared ? await compare(desk, id, Math.min(from, to), Math.max(from, to)) : null,
  };
};

async function compare(
  { db }: Desk,
  id: number,
  from: number,
  to: number,
): Promise<{ from: number; to: number; diff: ContentDiff } | null> {
  const [before, after] = await Promise.all([revisionOf(db, id, from), revisionOf(db, id, to)]);
  if (!before || !after) return null;
  const { diffContents } = await import('../../../../../../publisher/releases/diff.ts');
  return { from, to, diff: diffContents(before.content, after.content) };
}

export const actions: Actions = {
  restore: async (event) => {
    const { desk, release } = await releaseToChange(event);
    const sent = await event.request.formData();
    const [version, wanted] = [Number(field(sent, 'version')), Number(field(sent, 'restore'))];
    if (!Number.isSafeInteger(version) || !Number.isSafeInteger(wanted)) error(400, messages.errors.notFound);
    const revision = await revisionOf(desk.db, release.id, wanted);
    if (!revision) return fail(409, { message: words.gone });
    return orFail(async () => {
      await saveRelease(desk.db, desk.actor, release.id, version, revision.content, 'restore');
      return { done: words.restored(wanted) };
    });
  },

  template: async (event) => {
    const { desk, release } = await releaseToChange(event);
    const name = field(await event.request.formData(), 'name').trim();
    if (name === '' || name.length > 60)
      return fail(400, { message: writingMessages.templates.needName, name });
    return orFail(async () => {
      await addTemplate(desk.db, desk.actor, release.officeId, name, release);
      return { done: writingMessages.templates.added(name) };
    });
  },
};
