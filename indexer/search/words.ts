import type { Settings } from 'meilisearch';
import type { Queryable } from '../../store/pool.ts';
import { wordList } from '../../store/word-lists.ts';
import { stopWordList } from '../words/stop-words.ts';
import { synonymList } from '../words/synonyms.ts';
import { settingsWith } from './settings.ts';

/** The engine's settings with the synonyms and stop words as people have edited them. */
export async function settingsIn(db: Queryable): Promise<Settings> {
  const [synonyms, stopWords] = [await wordList(db, 'synonyms'), await wordList(db, 'stop-words')];
  return settingsWith({
    synonyms: synonymList.read(synonyms.body ?? synonymList.shipped()).entries,
    stopWords: stopWordList.read(stopWords.body ?? stopWordList.shipped()).entries,
  });
}
