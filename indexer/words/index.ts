import type { WordListName } from '../../store/word-lists.ts';
import { classesList } from './classes.ts';
import type { ListKind } from './contract.ts';
import { dictionaryList } from './dictionary.ts';
import { stopWordList } from './stop-words.ts';
import { synonymList } from './synonyms.ts';

/** Every list that people edit: what it ships with, and how it is read. */
export const listKinds: Readonly<Record<WordListName, ListKind<readonly unknown[]>>> = {
  dictionary: dictionaryList,
  classes: classesList,
  synonyms: synonymList,
  'stop-words': stopWordList,
};
