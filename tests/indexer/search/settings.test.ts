import { expect, test } from 'vitest';
import {
  changedSettings,
  searchSettings,
  settingsWith,
  shippedSearchWords,
} from '../../../indexer/search/settings.ts';

test('what the engine has already is not told again, in whatever order it keeps it', () => {
  const kept = {
    ...searchSettings,
    filterableAttributes: [...(searchSettings.filterableAttributes as string[])].toReversed(),
    stopWords: [...(searchSettings.stopWords as string[])].toReversed(),
    typoTolerance: { enabled: false, minWordSizeForTypos: { oneTypo: 5, twoTypos: 9 } },
    proximityPrecision: 'byWord' as const,
  };
  expect(changedSettings(kept, searchSettings)).toEqual({});
});

test('what is otherwise is told, and nothing else', () => {
  const ranking = [...(searchSettings.rankingRules as string[])].toReversed();
  expect(Object.keys(changedSettings({ ...searchSettings, rankingRules: ranking }, searchSettings))).toEqual([
    'rankingRules',
  ]);
  const fewer = settingsWith({ ...shippedSearchWords, synonyms: [['讨薪', '欠薪']] });
  expect(changedSettings(searchSettings, fewer)).toEqual({
    synonyms: { 讨薪: ['欠薪'], 欠薪: ['讨薪'] },
  });
});
