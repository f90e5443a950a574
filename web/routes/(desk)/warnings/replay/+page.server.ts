import { error, fail } from '@sveltejs/kit';
import { suggestedLevels } from '../../../../../config/warning-levels.ts';
import { concernById } from '../../../../../store/concern-view.ts';
import { listMarkedEvents, markEvent, removeMark } from '../../../../../store/marked-events.ts';
import { askReplay, latestReplays } from '../../../../../store/replays.ts';
import { fromShanghaiInput, shanghaiMidnight, toShanghaiInput } from '../../../../lib/format.ts';
import { messages } from '../../../../lib/messages.ts';
import { ruleMessages } from '../../../../lib/messages/rules.ts';
import { acting, mayIn, reading, type Desk } from '../../../../lib/server/desk.ts';
import { field, orFail } from '../../../../lib/server/form.ts';
import { chosenOffice } from '../../../../lib/server/office-view.ts';
import { levelChoices } from '../../../../lib/server/rule-form.ts';
import { personalIn } from '../../../../lib/server/watch-trial.ts';
import type { Actions, PageServerLoad } from './$types';

const words = ruleMessages.replay;
const DAY = 86_400_000;
const LONGEST_DAYS = 366;
const LONGEST_NAME = 60;
/** What is looked back over at first. */
const USUAL_DAYS = 60;

export const load: PageServerLoad = async ({ locals, url, depends }) => {
  depends('replays');
  const desk = reading(locals);
  const { view } = await chosenOffice(desk, url.searchParams);
  const office = view?.office.id ?? desk.office;
  const now = new Date();
  const [replays, marks, asked] = await Promise.all([
    latestReplays(desk.db, office),
    listMarkedEvents(desk.db, [office]),
    concernAsked(desk, url.searchParams),
  ]);
  const range = { from: shanghaiMidnight(now, -USUAL_DAYS), to: shanghaiMidnight(now, 1) };
  return {
    ...{ view, office, replays, marks },
    levels: levelChoices(),
    usual: { from: toShanghaiInput(range.from).slice(0, 10), to: toShanghaiInput(now).slice(0, 10) },
    /** The concern that somebody came from to mark it. */
    asked,
    mayWrite: mayIn(desk.person, 'warning-rule-write', office),
  };
};

async function concernAsked({ db }: Desk, params: URLSearchParams) {
  const id = params.get('mark') ?? '';
  const concern = /^[1-9]\d{0,14}$/u.test(id) ? await concernById(db, Number(id)) : null;
  if (!concern) return null;
  const { label, firstAt, lastAt } = concern;
  const end = new Date(Math.max(lastAt.getTime(), firstAt.getTime() + 3_600_000));
  return { id: concern.id, label, began: toShanghaiInput(firstAt), ended: toShanghaiInput(end) };
}

/** The office that an act is about: one where the person may write. */
function officeOf(desk: Desk, sent: FormData): number {
  const office = field(sent, 'office') === '' ? desk.office : Number(field(sent, 'office'));
  if (!desk.own.includes(office)) error(404, messages.errors.notFound);
  return office;
}

export const actions: Actions = {
  run: async ({ locals, request }) => {
    const desk = acting(locals);
    const sent = await request.formData();
    const office = officeOf(desk, sent);
    const from = fromShanghaiInput(`${field(sent, 'from')}T00:00`);
    const last = fromShanghaiInput(`${field(sent, 'to')}T00:00`);
    // The last day is one of them, as far as it has gone.
    const to = last && new Date(Math.min(last.getTime() + DAY, Date.now()));
    if (!from || !to || from >= to || to.getTime() - from.getTime() > LONGEST_DAYS * DAY) {
      return fail(400, { message: words.badTimes });
    }
    const made = await orFail(() => askReplay(desk.db, desk.actor, office, { from, to }));
    return typeof made === 'number' ? { done: words.asked } : made;
  },

  mark: async ({ locals, request }) => {
    const desk = acting(locals);
    const sent = await request.formData();
    const office = officeOf(desk, sent);
    const name = field(sent, 'name').toWellFormed().replaceAll('\0', '').replace(/\s+/gu, ' ').trim();
    const level = suggestedLevels.find((each) => each === field(sent, 'level'));
    const [beganAt, peakAt, endedAt] = ['began', 'peak', 'ended'].map((each) =>
      fromShanghaiInput(field(sent, each)),
    );
    const refuse = (message: string) => fail(400, { message });
    if (name === '') return refuse(words.noName);
    if ([...name].length > LONGEST_NAME) return refuse(words.longName);
    if ((await personalIn(name)) !== null) return refuse(words.personalName);
    if (!level) return refuse(words.noLevel);
    if (!beganAt || !endedAt || (field(sent, 'peak') !== '' && !peakAt)) return refuse(words.badMark);
    const subject = await subjectOf(desk, sent, office);
    if (!subject) return refuse(words.noSubject);
    const event = { name, level, ...subject, beganAt, peakAt: peakAt ?? null, endedAt };
    const made = await orFail(() => markEvent(desk.db, desk.actor, office, event));
    return typeof made === 'number' ? { done: words.marked } : made;
  },

  unmark: async ({ locals, request }) => {
    const desk = acting(locals);
    const sent = await request.formData();
    const failed = await orFail(() => removeMark(desk.db, desk.actor, Number(field(sent, 'event')) || 0));
    return failed ?? { done: words.unmarked };
  },
};

/** What an event is about: a concern of the office, or all that is said of it. */
async function subjectOf({ db }: Desk, sent: FormData, office: number) {
  if (field(sent, 'about') === 'office')
    return { subjectKind: 'office', subjectKey: String(office) } as const;
  const id = field(sent, 'concern');
  const concern = /^[1-9]\d{0,14}$/u.test(id) ? await concernById(db, Number(id)) : null;
  if (concern?.officeId !== office) return null;
  return { subjectKind: 'concern', subjectKey: String(concern.id) } as const;
}
