import { fail } from '@sveltejs/kit';
import type { Problem } from '../../../indexer/words/contract.ts';
import { firstOfficeId } from '../../../store/offices.ts';
import {
  saveWordList,
  versionOf,
  wordList,
  wordLists,
  type WordListName,
} from '../../../store/word-lists.ts';
import { wordMessages as words } from '../messages/words.ts';
import type { Desk } from './desk.ts';
import { field, orFail } from './form.ts';

// The lists bring their data along: they are loaded with the first page that shows one.
const kinds = async () => (await import('../../../indexer/words/index.ts')).listKinds;

export function listNamed(text: string | null): WordListName {
  return wordLists.find((each) => each === text) ?? 'dictionary';
}

/** The words of a list as it ships with the program, in the form in which people edit it. */
export async function shippedList(list: WordListName): Promise<string> {
  return (await kinds())[list].shipped();
}

/** What is wrong with a list, and how many entries it has. */
export async function checkList(
  list: WordListName,
  body: string,
): Promise<{ entries: number; problems: Problem[] }> {
  const { entries, problems } = (await kinds())[list].read(body);
  return { entries: entries.length, problems };
}

/** The lines in which two versions differ; no more than are read. */
export async function differenceOf(before: string, after: string) {
  const { listDifference } = await import('../../../indexer/words/difference.ts');
  const { added, removed } = listDifference(before, after);
  const most = 100;
  const more = Math.max(0, added.length - most) + Math.max(0, removed.length - most);
  return { added: added.slice(0, most), removed: removed.slice(0, most), more };
}

/** Whether what this person makes in a list counts: the lists belong to the hub's first office. */
export async function mayEdit(desk: Desk, own: readonly number[]): Promise<boolean> {
  return own.includes(await firstOfficeId(desk.db));
}

/** Saves what a form has; a list with a fault in it is not saved. */
export async function saveForm(desk: Desk, sent: FormData) {
  const list = listNamed(field(sent, 'list'));
  const body = field(sent, 'body').replaceAll('\r\n', '\n').trimEnd();
  const typed = { body, why: field(sent, 'why') };
  const { problems } = await checkList(list, body);
  if (problems.length > 0) return fail(400, { message: words.notSaved, problems, typed });
  const current = await wordList(desk.db, list);
  if (body === (current.body ?? (await shippedList(list))).trimEnd()) {
    return fail(400, { message: words.noChange, problems, typed });
  }
  const failed = await keep(desk, sent, list, body, typed.why);
  return failed ? fail(409, { message: failed, problems, typed }) : { done: words.saved };
}

/** Puts an earlier version in force again. */
export async function restoreForm(desk: Desk, sent: FormData) {
  const list = listNamed(field(sent, 'list'));
  const version = Number(field(sent, 'version'));
  const earlier = Number.isSafeInteger(version) ? await versionOf(desk.db, list, version) : null;
  if (!earlier) return fail(400, { message: words.noChange });
  const failed = await keep(desk, sent, list, earlier.body, words.restoreWhy(version), version);
  return failed ? fail(409, { message: failed }) : { done: words.saved };
}

/** Goes back to what ships with the program. */
export async function resetForm(desk: Desk, sent: FormData) {
  const failed = await keep(desk, sent, listNamed(field(sent, 'list')), null, words.resetWhy);
  return failed ? fail(409, { message: failed }) : { done: words.saved };
}

/** @returns why it was not saved; null: it was */
async function keep(
  desk: Desk,
  sent: FormData,
  list: WordListName,
  body: string | null,
  why: string,
  restores: number | null = null,
): Promise<string | null> {
  const base = Number(field(sent, 'base'));
  const failed = await orFail(() => saveWordList(desk.db, desk.actor, list, { body, why, base, restores }));
  return typeof failed === 'number' ? null : failed.data.message;
}
