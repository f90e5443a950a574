import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contentOf, contentSchema } from '../../config/release-content.ts';
import { shippedTemplates } from '../../config/release-templates.ts';
import { releaseTypes } from '../../config/release-types.ts';
import { shippedColumns } from '../../config/site-columns.ts';
import { documentOfText, plainText } from '../../publisher/releases/plain.ts';
import {
  addTemplate,
  archiveTemplate,
  releaseTemplate,
  releaseTemplates,
  renameTemplate,
} from '../../store/release-templates.ts';
import { startStaff, type Hand, type Staff } from '../support/staff.ts';

let staff: Staff;
let writer: Hand;
let other: Hand;

beforeAll(async () => {
  staff = await startStaff();
  writer = await staff.hand('press-officer', 'city', await staff.person('city', 'press-officer'));
  other = await staff.hand('press-officer', 'other', await staff.person('other', 'press-officer'));
});
afterAll(() => staff?.stop());

const office = () => writer.actor.officeId;
const content = contentOf({
  type: 'open-day',
  title: '开放日',
  document: documentOfText('欢迎〔谁〕参加。'),
});
const add = (name: string) => addTemplate(writer.db, writer.actor, office(), name, content);
const names = async (archived = false) =>
  (await releaseTemplates(writer.db, office(), archived))
    .filter(({ shipped }) => !shipped)
    .map(({ name }) => name);

describe('the templates that ship', () => {
  test('are one for each type, each a content that may be saved, in a column that there is', () => {
    expect(shippedTemplates.map((each) => each.content.type).toSorted()).toEqual(
      [...releaseTypes].toSorted(),
    );
    expect(shippedTemplates.map(({ key }) => key)).toEqual([
      ...new Set(shippedTemplates.map(({ key }) => key)),
    ]);
    const columns = shippedColumns.map(({ key }) => key);
    for (const { content: each } of shippedTemplates) {
      expect(contentSchema.parse(each)).toEqual(each);
      expect(columns).toContain(each.details.website.column);
      expect(plainText(each.document)).not.toMatch(/^(?:## |- )/mu);
    }
  });

  test('are found by their keys, and cannot be taken for an office’s own', async () => {
    expect(await releaseTemplate(writer.db, office(), 'notice')).toMatchObject({
      shipped: true,
      name: '通知公告',
    });
    expect(await releaseTemplate(writer.db, office(), 'no-such')).toBeNull();
    expect(await releaseTemplate(writer.db, office(), '99999999999999999999')).toBeNull();
  });
});

describe('a template of an office', () => {
  test('holds what the release held, and stands before those that ship', async () => {
    const id = await add('开放日预告');
    const [first] = await releaseTemplates(writer.db, office());
    expect(first).toMatchObject({
      id: String(id),
      name: '开放日预告',
      shipped: false,
      madeBy: writer.actor.id,
    });
    expect(await releaseTemplate(writer.db, office(), String(id))).toMatchObject({ content });
  });

  test('is renamed, archived and offered again', async () => {
    const id = await add('旧名');
    await renameTemplate(writer.db, writer.actor, id, '新名');
    expect(await archiveTemplate(writer.db, writer.actor, id, true)).toBe('新名');
    expect(await names()).not.toContain('新名');
    expect(await names(true)).toEqual(['新名']);
    expect(await releaseTemplate(writer.db, office(), String(id))).toBeNull();
    await archiveTemplate(writer.db, writer.actor, id, false);
    expect(await names()).toContain('新名');
  });

  test('has a name of its own among those that are offered', async () => {
    const id = await add('重名');
    await expect(add('重名')).rejects.toMatchObject({ code: 'template-taken' });
    await archiveTemplate(writer.db, writer.actor, id, true);
    const second = await add('重名');
    const back = archiveTemplate(writer.db, writer.actor, id, false);
    await expect(back).rejects.toMatchObject({ code: 'template-taken' });
    const third = await add('另一个');
    const renamed = renameTemplate(writer.db, writer.actor, third, '重名');
    await expect(renamed).rejects.toMatchObject({ code: 'template-taken' });
    await renameTemplate(writer.db, writer.actor, second, '重名');
  });

  test('is of no use to another office', async () => {
    const id = await add('本院专用');
    expect(await releaseTemplate(other.db, office(), String(id))).toBeNull();
    const renamed = renameTemplate(other.db, other.actor, id, '改名');
    await expect(renamed).rejects.toMatchObject({ code: 'template-gone' });
  });
});
