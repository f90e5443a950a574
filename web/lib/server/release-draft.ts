import { error, json } from '@sveltejs/kit';
import { z } from 'zod';
import { Refused } from '../../../config/errors.ts';
import { contentSchema, type ReleaseContent } from '../../../config/release-content.ts';
import { lastSave } from '../../../store/release-revisions.ts';
import {
  createRelease,
  planRelease,
  readContent,
  releaseById,
  saveRelease,
  type ReleaseRow,
  type ReleaseState,
} from '../../../store/releases.ts';
import { fullTime } from '../format.ts';
import { messages } from '../messages.ts';
import { writingMessages } from '../messages/writing.ts';
import { readBytes } from './body.ts';
import type { Desk } from './desk.ts';

const words = writingMessages.draft;

/** 60,000 characters with marks on every word, and an own version for WeChat. */
const MOST = 8 * 2 ** 20;

const sent = z.object({
  version: z.number().int().min(1),
  content: contentSchema,
  how: z.enum(['auto', 'save', 'import', 'correct']).default('auto'),
  urgent: z.boolean().optional(),
  embargoUntil: z.iso.datetime().nullable().optional(),
});

/** What the editor is told; with 409 who was faster, and what stands now: to be compared and taken. */
export type DraftSaved = { version: number; savedAt: string };
export type DraftConflict = {
  message: string;
  version: number;
  savedBy: string | null;
  savedAt: string;
  state: ReleaseState;
  content: ReleaseContent;
};

/** Saves what the editor holds over the version that it was opened with. */
export async function saveDraft(desk: Desk, release: ReleaseRow, request: Request): Promise<Response> {
  const bytes = await readBytes(request, MOST);
  if (bytes === null) return json({ message: words.tooLarge }, { status: 413 });
  const read = sent.safeParse(parsed(bytes));
  if (!read.success) return notTaken(read.error);
  const { version, content, how, urgent = release.urgent } = read.data;
  const embargo = read.data.embargoUntil;
  const embargoUntil =
    embargo === undefined ? release.embargoUntil : embargo === null ? null : new Date(embargo);
  try {
    const saved = await saveRelease(desk.db, desk.actor, release.id, version, content, how);
    if (urgent !== release.urgent || embargoUntil?.getTime() !== release.embargoUntil?.getTime()) {
      await planRelease(desk.db, desk.actor, release.id, { urgent, embargoUntil });
    }
    return json({ version: saved, savedAt: new Date().toISOString() } satisfies DraftSaved);
  } catch (thrown) {
    if (!(thrown instanceof Refused)) throw thrown;
    return json(await conflict(desk, release.id, version), { status: 409 });
  }
}

/** What somebody had written when another one was faster becomes a release of its own. */
export async function copyDraft(desk: Desk, request: Request): Promise<Response> {
  const bytes = await readBytes(request, MOST);
  if (bytes === null) return json({ message: words.tooLarge }, { status: 413 });
  const read = sent.pick({ content: true }).safeParse(parsed(bytes));
  if (!read.success) return notTaken(read.error);
  return json({ id: await createRelease(desk.db, desk.actor, read.data.content) }, { status: 201 });
}

/** Says where it is wrong, for whoever looks into it: places in the text, not the text. */
function notTaken({ issues }: z.ZodError): Response {
  const places = issues.slice(0, 5).map(({ path }) => path.join('.'));
  return json({ message: words.badRequest, places }, { status: 400 });
}

async function conflict({ db }: Desk, id: number, version: number): Promise<DraftConflict> {
  const [now, last] = await Promise.all([releaseById(db, id), lastSave(db, id)]);
  if (!now) error(404, messages.errors.notFound);
  const [by, at] = [last?.by ?? null, last?.at ?? now.updatedAt];
  return {
    message:
      now.version === version
        ? words.notEditable(messages.releases.states[now.state])
        : words.savedBy(by ?? words.someone, fullTime(at)),
    ...{ version: now.version, savedBy: by, savedAt: at.toISOString(), state: now.state },
    content: readContent(now),
  };
}

/** @returns null for what is no JSON: the schema then says what it thinks of it */
function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
  } catch {
    return null;
  }
}
