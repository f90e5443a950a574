import { subjectKinds } from '../../../config/subject-kinds.ts';
import type { WatchDetails } from '../../../store/watches.ts';
import { watchMessages } from '../messages/watches.ts';
import { field } from './form.ts';
import { faultOf, personalIn } from './watch-trial.ts';

const words = watchMessages.form;

/** What was typed into the form of a watch, and what is wrong with it, by the names of its fields. */
export type WatchTyped = Record<'name' | 'subjectKind' | 'subject' | 'query', string>;
export type WatchWrong = Partial<Record<keyof WatchTyped | 'office', string>>;

const LONGEST_NAME = 40;
const LONGEST_SUBJECT = 100;

/** Reads the form of a watch. @returns `details` as null when something is wrong with it */
export async function readWatch(
  sent: FormData,
): Promise<{ typed: WatchTyped; details: WatchDetails | null; wrong: WatchWrong }> {
  const typed: WatchTyped = {
    name: line(field(sent, 'name')),
    subjectKind: field(sent, 'subjectKind'),
    subject: line(field(sent, 'subject')),
    query: field(sent, 'query').toWellFormed().replaceAll('\0', '').trim(),
  };
  const subjectKind = subjectKinds.find((kind) => kind === typed.subjectKind);
  const wrong: WatchWrong = {};
  const set = (name: keyof WatchTyped, why: string | null) => {
    if (why !== null) wrong[name] = why;
  };
  set(
    'name',
    lengthOf(typed.name, LONGEST_NAME, words.noName, words.longName) ?? (await personalIn(typed.name)),
  );
  set('subjectKind', subjectKind ? null : words.noKind);
  set(
    'subject',
    lengthOf(typed.subject, LONGEST_SUBJECT, words.noSubject, words.longSubject) ??
      (await personalIn(typed.subject)),
  );
  const fault = await faultOf(typed.query);
  set('query', fault && words.fault(fault.column, fault.message));
  const details = subjectKind && Object.keys(wrong).length === 0 ? { ...typed, subjectKind } : null;
  return { typed, details, wrong };
}

function line(text: string): string {
  return text.toWellFormed().replaceAll('\0', '').replace(/\s+/gu, ' ').trim();
}

function lengthOf(text: string, most: number, none: string, long: string): string | null {
  if (text === '') return none;
  return [...text].length > most ? long : null;
}
