import { afterAll, beforeAll, expect, test } from 'vitest';
import { contextOf } from '../../indexer/ingest.ts';
import { defaultKnowledge } from '../../indexer/knowledge.ts';
import { ensureOffice } from '../../store/offices.ts';
import { startTestEngines, type TestEngines } from '../support/engines.ts';

let engines: TestEngines;
beforeAll(async () => {
  engines = await startTestEngines();
});
afterAll(() => engines.stop());

const placesOf = async (
  office: { code: string; name: string },
  source: { name?: string; outlet?: string },
) => {
  const { id } = await ensureOffice(engines.store, { ...office, level: 'county' });
  const context = await contextOf(engines.store, { officeId: id, ...source }, Date.now(), defaultKnowledge());
  return { office: context.officePlace, source: context.sourcePlace };
};

test('where an office and a source are is told from their names', async () => {
  const office = { code: 'a1', name: '昆明市五华区人民检察院' };
  expect(await placesOf(office, { name: '社会新闻', outlet: '云南日报' })).toEqual({
    office: '530102',
    source: '530000',
  });
  expect(await placesOf(office, { name: '昆明信息港' })).toMatchObject({ source: '530100' });
  expect(await placesOf(office, { name: '某论坛' })).toMatchObject({ source: null });
});

test('an office whose name names no division is where its code says', async () => {
  expect(await placesOf({ code: '530111', name: '云州城郊地区人民检察院' }, {})).toMatchObject({
    office: '530111',
  });
  expect(await placesOf({ code: 'x-530111', name: '云州市人民检察院' }, {})).toMatchObject({ office: null });
});
