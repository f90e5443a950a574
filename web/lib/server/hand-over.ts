import { fail } from '@sveltejs/kit';
import {
  directions,
  officesToward,
  sendHandOver,
  type Direction,
  type SubjectKind,
} from '../../../store/hand-overs.ts';
import { handOverMessages as words } from '../messages/hand-overs.ts';
import type { Desk } from './desk.ts';
import { field } from './form.ts';

const LONGEST_NOTE = 200;
const LONGEST_ANSWER = 500;

/** Hands a record over that the desk can see, as the form says; what is wrong comes back in words. */
export async function handOver(desk: Desk, kind: SubjectKind, id: number, sent: FormData) {
  const direction = directions.find((known) => known === sent.get('direction'));
  if (!direction) return fail(400, { message: words.needOffice });
  const note = plain(field(sent, 'note'));
  if ([...note].length > LONGEST_NOTE) return fail(400, { message: words.longNote });
  const dueAt = readDue(field(sent, 'due'), new Date());
  if (dueAt === 'bad') return fail(400, { message: words.badDue });
  const office = await receiver(desk, direction, sent);
  if (!office) return fail(400, { message: words.needOffice });
  const order = { to: office.id, direction, subject: { kind, id }, note, dueAt };
  const made = await sendHandOver(desk.db, desk.actor, order);
  if (made === 'twice') return fail(409, { message: words.twice });
  if (made === 'direction') return fail(400, { message: words.wrongDirection[direction] });
  return { done: words.sentDone[direction](office.name) };
}

/** By the id that the picker has put in, else by the code or the whole name that was typed. */
async function receiver(desk: Desk, direction: Direction, sent: FormData) {
  const id = Number(field(sent, 'office'));
  const typed = field(sent, 'office-text').trim();
  if (typed === '') return null;
  const found = await officesToward(desk.db, desk.office, direction, typed);
  return found.find((office) => office.id === id || office.code === typed || office.name === typed) ?? null;
}

/** The end of the day in Asia/Shanghai; null: none was named. */
function readDue(text: string, now: Date): Date | null | 'bad' {
  if (text === '') return null;
  const due = new Date(`${text}T23:59:59+08:00`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && due.getTime() > now.getTime() ? due : 'bad';
}

/** Reads what the receiver writes. A return says why. */
export function readAnswer(sent: FormData, needed: boolean): { answer: string | null } | { problem: string } {
  const answer = plain(field(sent, 'answer'));
  if ([...answer].length > LONGEST_ANSWER) return { problem: words.longAnswer };
  if (needed && answer === '') return { problem: words.needReason };
  return { answer: answer === '' ? null : answer };
}

function plain(text: string): string {
  return text.toWellFormed().replaceAll('\0', '').replace(/\r\n?/g, '\n').trim();
}
