import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contentOf, type ReleaseContent } from '../../config/release-content.ts';
import { documentOfText, plainText } from '../../publisher/releases/plain.ts';
import { dropEditor, GONE_SECONDS, noteEditor, otherEditors } from '../../store/release-editors.ts';
import { COALESCE_MINUTES, lastSave, revisionOf, revisionsOf } from '../../store/release-revisions.ts';
import {
  createRelease,
  planRelease,
  releaseById,
  saveRelease,
  type ReleaseState,
} from '../../store/releases.ts';
import { startStaff, type Hand, type Staff } from '../support/staff.ts';

let staff: Staff;
let writer: Hand;
let colleague: Hand;

beforeAll(async () => {
  staff = await startStaff();
  const ids = [await staff.person('city', 'press-officer'), await staff.person('city', 'press-officer')];
  [writer, colleague] = (await Promise.all(ids.map((id) => staff.hand('press-officer', 'city', id)))) as [
    Hand,
    Hand,
  ];
});
afterAll(() => staff?.stop());

const text = (body: string, more: Partial<ReleaseContent> = {}) =>
  contentOf({ title: '检察开放日', document: documentOfText(body), ...more });
const begin = (body = '第一稿') => createRelease(writer.db, writer.actor, text(body));
const versions = async (id: number) => (await revisionsOf(writer.db, id)).map(({ version }) => version);
const state = (id: number, to: ReleaseState) =>
  staff.engines.store.query('update releases set state = $2 where id = $1', [id, to]);
const round = (id: number, state: 'open' | 'returned') =>
  staff.engines.store.query(
    `insert into review_rounds (office_id, release_id, version, flow, submitted_by, authors, state, content, hash)
     select office_id, id, version, 'three', $2, array[$2], $3, '{}', repeat('0', 64) from releases where id = $1`,
    [id, writer.actor.id, state],
  );
const audited = async (id: number) =>
  (
    await staff.engines.store.query<{ action: string }>(
      `select entry::jsonb->>'action' as action from audit_entries where entry::jsonb->>'subject' = $1 order by seq`,
      [`release:${id}`],
    )
  ).rows.map(({ action }) => action);

describe('a release that is saved', () => {
  test('holds what was written, with every detail, whatever characters stand in it', async () => {
    const details = { keywords: ['未成年人'], weibo: { on: true, text: '微博' } };
    const id = await createRelease(
      writer.db,
      writer.actor,
      text('零\0字节与半个\ud83d字', { details } as never),
    );
    const found = await releaseById(writer.db, id);
    expect(found && plainText(found.document)).toBe('零字节与半个\ufffd字');
    expect(found?.details).toMatchObject({
      keywords: ['未成年人'],
      weibo: { text: '微博' },
      wechat: { on: false },
    });
  });

  test('is a new version, and the same text again is none', async () => {
    const id = await begin();
    expect(await saveRelease(writer.db, writer.actor, id, 1, text('第二稿'))).toBe(2);
    expect(await saveRelease(writer.db, writer.actor, id, 2, text('第二稿'))).toBe(2);
    expect(await versions(id)).toEqual([2, 1]);
    expect(await audited(id)).toEqual(['release-create', 'release-save']);
  });

  test('over a version that somebody else has replaced is refused, and who it was can be told', async () => {
    const id = await begin();
    await saveRelease(colleague.db, colleague.actor, id, 1, text('同事的稿'));
    await expect(saveRelease(writer.db, writer.actor, id, 1, text('我的稿'))).rejects.toMatchObject({
      code: 'stale-version',
    });
    expect(await lastSave(writer.db, id)).toMatchObject({ version: 2, by: colleague.actor.id });
  });

  test('by two at the same moment is saved by one of them', async () => {
    const id = await begin();
    const both = await Promise.allSettled(
      [writer, colleague].map((hand) => saveRelease(hand.db, hand.actor, id, 1, text(`稿 ${hand.actor.id}`))),
    );
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await versions(id)).toEqual([2, 1]);
  });

  test.each<ReleaseState>(['reviewing', 'approved'])('while %s is a draft again', async (from) => {
    const id = await begin();
    await state(id, from);
    await saveRelease(writer.db, writer.actor, id, 1, text('改过'));
    expect(await releaseById(writer.db, id)).toMatchObject({ state: 'draft', version: 2 });
  });

  test('that passed its reviews loses them: its round ends as edited', async () => {
    const id = await begin();
    await state(id, 'reviewing');
    await round(id, 'open');
    await saveRelease(writer.db, writer.actor, id, 1, text('改过'));
    const rounds = await staff.engines.store.query('select state from review_rounds where release_id = $1', [
      id,
    ]);
    expect(rounds.rows).toEqual([{ state: 'edited' }]);
  });

  test.each<ReleaseState>(['scheduled', 'published', 'withdrawn'])('when %s is refused', async (in_) => {
    const id = await begin();
    await state(id, in_);
    await expect(saveRelease(writer.db, writer.actor, id, 1, text('改过'))).rejects.toMatchObject({
      code: 'stale-version',
    });
  });

  test('from an office that it does not belong to is refused, and it is not seen there', async () => {
    const id = await begin();
    const other = await staff.hand('press-officer', 'other', await staff.person('other', 'press-officer'));
    await expect(saveRelease(other.db, other.actor, id, 1, text('改过'))).rejects.toMatchObject({
      code: 'stale-version',
    });
    expect(await revisionsOf(other.db, id)).toEqual([]);
  });
});

describe('what the editor saves by itself', () => {
  const auto = (hand: Hand, id: number, version: number, body: string) =>
    saveRelease(hand.db, hand.actor, id, version, text(body), 'auto');

  test('by one person within a while is one version, with the last text', async () => {
    const id = await begin();
    for (const version of [1, 2, 3]) await auto(writer, id, version, `写到 ${version}`);
    expect(await versions(id)).toEqual([4, 1]);
    const last = await revisionOf(writer.db, id, 4);
    expect(last && plainText(last.content.document)).toBe('写到 3');
    expect(await audited(id)).toEqual(['release-create', 'release-save']);
    expect(await releaseById(writer.db, id)).toMatchObject({ version: 4 });
  });

  test('by another person, by hand or after a while is a version of its own', async () => {
    const id = await begin();
    await auto(writer, id, 1, '我');
    await auto(colleague, id, 2, '同事');
    await auto(writer, id, 3, '又是我');
    await saveRelease(writer.db, writer.actor, id, 4, text('存'), 'save');
    await auto(writer, id, 5, '再写');
    expect(await versions(id)).toEqual([6, 5, 4, 3, 2, 1]);
    await staff.engines.store.query(
      `update release_revisions set began_at = now() - make_interval(mins => $2) where release_id = $1`,
      [id, COALESCE_MINUTES + 1],
    );
    await auto(writer, id, 6, '过了一会儿');
    expect(await versions(id)).toEqual([7, 6, 5, 4, 3, 2, 1]);
  });

  test('leaves a version alone that a review has looked at', async () => {
    const id = await begin();
    await auto(writer, id, 1, '送审');
    await round(id, 'returned');
    await auto(writer, id, 2, '退回后再改');
    expect(await versions(id)).toEqual([3, 2, 1]);
  });
});

describe('urgency and embargo', () => {
  test('are set without a new version, kept, told in the log, and not while it is reviewed', async () => {
    const id = await begin();
    const embargoUntil = new Date('2026-12-01T01:00:00Z');
    await planRelease(writer.db, writer.actor, id, { urgent: true, embargoUntil });
    expect(await releaseById(writer.db, id)).toMatchObject({ urgent: true, embargoUntil, version: 1 });
    await planRelease(writer.db, writer.actor, id, { urgent: true, embargoUntil });
    expect(await audited(id)).toEqual(['release-create', 'release-plan']);
    await state(id, 'reviewing');
    const changed = planRelease(writer.db, writer.actor, id, { urgent: false, embargoUntil: null });
    await expect(changed).rejects.toMatchObject({ code: 'stale-version' });
  });
});

describe('who has a release open', () => {
  const others = (id: number) => otherEditors(writer.db, id, writer.actor.id);

  test('is told to the others, who writes too, until they leave or are gone for a while', async () => {
    const id = await begin();
    const release = { id, officeId: writer.actor.officeId };
    await noteEditor(writer.db, writer.actor, release, false);
    expect(await others(id)).toEqual([]);
    await noteEditor(colleague.db, colleague.actor, release, false);
    expect(await others(id)).toMatchObject([{ personId: colleague.actor.id, wroteAt: null }]);
    await noteEditor(colleague.db, colleague.actor, release, true);
    expect((await others(id))[0]?.wroteAt).toBeInstanceOf(Date);
    await dropEditor(colleague.db, colleague.actor, release);
    expect(await others(id)).toEqual([]);
    await noteEditor(colleague.db, colleague.actor, release, false);
    await staff.engines.store.query(
      'update release_editors set seen_at = now() - make_interval(secs => $2) where release_id = $1',
      [id, GONE_SECONDS + 1],
    );
    expect(await others(id)).toEqual([]);
  });
});
