import { afterAll, beforeAll, expect, test } from 'vitest';
import { personalColumns, unannotatedColumns } from '../../store/privacy.ts';
import { startTestEngines, type TestEngines } from '../support/engines.ts';

let engines: TestEngines;
beforeAll(async () => {
  engines = await startTestEngines();
});
afterAll(() => engines.stop());

test('every column of every table says whether it holds personal data, and if so why and for how long', async () => {
  expect(await unannotatedColumns(engines.store)).toEqual([]);
});

test('a column without a word, or with a wrong one, is found', async () => {
  await engines.store.query('create table strays (mute text, wrong text, right_one text)');
  try {
    await engines.store.query(
      `comment on column strays.wrong is 'personal=nickname why=curiosity kept=forever'`,
    );
    await engines.store.query(`comment on column strays.right_one is 'personal=no'`);
    expect(await unannotatedColumns(engines.store)).toEqual([
      'strays.mute',
      'strays.wrong: personal=nickname why=curiosity kept=forever',
    ]);
  } finally {
    await engines.store.query('drop table strays');
  }
});

test('of the posts, only words and addresses count as personal, and both go after their time', async () => {
  const columns = (await personalColumns(engines.store)).filter((column) => column.table === 'posts');
  expect(columns.map(({ column }) => column).toSorted()).toEqual([
    'identity',
    'parent_url',
    'text',
    'title',
    'url',
  ]);
  expect(new Set(columns.map(({ kept }) => kept))).toEqual(new Set(['raw-text-days']));
});
