import { json } from '@sveltejs/kit';
import { LONGEST_LIST, wordList } from '../../../../../store/word-lists.ts';
import { messages } from '../../../../lib/messages.ts';
import { readForm } from '../../../../lib/server/body.ts';
import { acting, hubKnowledge } from '../../../../lib/server/desk.ts';
import { field } from '../../../../lib/server/form.ts';
import { checkList, differenceOf, listNamed, shippedList } from '../../../../lib/server/word-lists.ts';
import type { RequestHandler } from './$types';

/** Three bytes for a character, escaped in a form: three times as many. */
const MOST = LONGEST_LIST * 9;

/** What is wrong with a list that was not saved yet, what it changes, and what it makes of a sentence. */
export const POST: RequestHandler = async ({ locals, request }) => {
  const { db } = acting(locals);
  const sent = await readForm(request, MOST);
  if (sent === 'too-large' || sent === 'no-form') {
    return json({ message: messages.errors.tooLarge }, { status: sent === 'no-form' ? 400 : 413 });
  }
  const list = listNamed(field(sent, 'list'));
  const body = field(sent, 'body').replaceAll('\r\n', '\n').trimEnd();
  const saved = (await wordList(db, list)).body ?? (await shippedList(list));
  const sentence = field(sent, 'sentence').trim();
  const steps = list === 'dictionary' || list === 'classes';
  return json({
    ...(await checkList(list, body)),
    difference: await differenceOf(saved, body),
    tried: sentence === '' || !steps ? null : await tried(list, body, sentence),
  });
};

/** The steps bring dictionary and models along: nobody loads them who only writes. */
async function tried(list: 'dictionary' | 'classes', body: string, sentence: string) {
  const { tryList } = await import('../../../../../indexer/words/try.ts');
  return tryList(await hubKnowledge(), list, body, sentence);
}
