import { error, fail, type ActionFailure } from '@sveltejs/kit';
import { checkItems, levels, type Level } from '../../../../../config/levels.ts';
import { heldDeliveries } from '../../../../../store/held-deliveries.ts';
import { publishedReleases } from '../../../../../store/releases.ts';
import { ordersAbout, orderSupervision } from '../../../../../store/supervision.ts';
import { LONGEST_REASON } from '../../../../../store/warning-act.ts';
import * as acts from '../../../../../store/warning-acts.ts';
import { checksOf, checkWarning, lackingToLift, settlePress } from '../../../../../store/warning-checks.ts';
import { levelOf } from '../../../../../store/warning-levels.ts';
import { consultWarning, noteWarning } from '../../../../../store/warning-notes.ts';
import { stepsOf, warningById } from '../../../../../store/warnings.ts';
import { fromShanghaiInput } from '../../../../lib/format.ts';
import { messages } from '../../../../lib/messages.ts';
import { warningMessages as words } from '../../../../lib/messages/warnings.ts';
import { acting, may, reaches, reading, type Desk } from '../../../../lib/server/desk.ts';
import { field, officeField, orFail } from '../../../../lib/server/form.ts';
import { readId } from '../../../../lib/server/read-id.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

export const load: PageServerLoad = async ({ locals, params, depends }) => {
  depends('live:warnings', 'live:releases');
  const desk = reading(locals);
  const { db, person } = desk;
  const id = readId(params.id);
  const warning = await warningById(db, id);
  if (!warning) error(404, messages.errors.notFound);
  const { officeId, level, state } = warning;
  const mayDecide = await reaches(person, 'warning-decide', officeId);
  const [steps, orders, checks, held, lacking, handling, releases] = await Promise.all([
    stepsOf(db, id),
    ordersAbout(db, id),
    checksOf(db, id),
    heldDeliveries(db, [officeId], id),
    lackingToLift(db, id, level, state),
    levelOf(db, officeId, level),
    mayDecide ? publishedReleases(db, officeId) : [],
  ]);
  return {
    ...{ warning, steps, orders, checks, held, lacking, handling, releases, mayDecide },
    own: {
      id: desk.office,
      name: orders.find((order) => order.officeId === desk.office)?.officeName ?? null,
    },
    mayOrder: await reaches(person, 'supervision-order', officeId),
    mayRelease: may(person, 'release-schedule'),
  };
};

type Event = RequestEvent;
type Act = (desk: Desk, id: number, seen: number, sent: FormData, now: Date) => Promise<unknown>;

/** The warning that an act is about. @throws 404 when it is not within the act's scope */
async function find({ locals, params }: Event): Promise<{ desk: Desk; id: number }> {
  const desk = acting(locals);
  const warning = await warningById(desk.db, readId(params.id));
  if (!warning) error(404, messages.errors.notFound);
  return { desk, id: warning.id };
}

/** Does one act on the warning of the page; what is in its way comes back in words, with what was typed. */
async function run(event: Event, done: string, act: Act) {
  const { desk, id } = await find(event);
  const sent = await event.request.formData();
  const seen = Number(field(sent, 'version')) || 0;
  const failed = (await orFail(() => act(desk, id, seen, sent, new Date()))) as ActionFailure<{
    message: string;
  }> | void;
  return failed ?? { done };
}

function readLevel(sent: FormData): Level {
  return levels.find((level) => level === sent.get('level')) ?? 'green';
}

/** What a person writes, without what a database cannot hold. */
function typed(sent: FormData, name: string): string {
  return field(sent, name).toWellFormed().replaceAll('\0', '').replace(/\r\n?/gu, '\n').trim();
}

export const actions: Actions = {
  confirm: (event) =>
    run(event, words.done.confirm, ({ db, actor }, id, seen, sent, now) =>
      acts.confirmWarning(
        db,
        actor,
        id,
        seen,
        { level: readLevel(sent), reason: typed(sent, 'reason') },
        now,
      ),
    ),

  level: (event) =>
    run(event, words.done.level, ({ db, actor }, id, seen, sent, now) =>
      acts.relevelWarning(
        db,
        actor,
        id,
        seen,
        { level: readLevel(sent), reason: typed(sent, 'reason') },
        now,
      ),
    ),

  dismiss: (event) =>
    run(event, words.done.dismiss, ({ db, actor }, id, seen, sent, now) =>
      acts.dismissWarning(db, actor, id, seen, typed(sent, 'reason'), now),
    ),

  handle: (event) =>
    run(event, words.done.handle, ({ db, actor }, id, seen, sent, now) =>
      acts.handleWarning(db, actor, id, seen, typed(sent, 'note'), now),
    ),

  answer: (event) =>
    run(event, words.done.answer, ({ db, actor }, id, seen, sent, now) => {
      const releaseId = Number(field(sent, 'release')) || null;
      return acts.answerWarning(db, actor, id, seen, { releaseId, note: typed(sent, 'note') }, now);
    }),

  assess: (event) =>
    run(event, words.done.assess, ({ db, actor }, id, seen, sent, now) =>
      acts.assessWarning(db, actor, id, seen, typed(sent, 'text'), now),
    ),

  lift: (event) =>
    run(event, words.done.lift, ({ db, actor }, id, seen, sent, now) =>
      acts.liftWarning(db, actor, id, seen, typed(sent, 'reason'), now),
    ),

  reopen: (event) =>
    run(event, words.done.reopen, ({ db, actor }, id, seen, sent, now) =>
      acts.reopenWarning(db, actor, id, seen, typed(sent, 'reason'), now),
    ),

  note: (event) =>
    run(event, words.done.note, ({ db, actor }, id, _, sent, now) =>
      noteWarning(db, actor, id, typed(sent, 'text'), now),
    ),

  consult: (event) =>
    run(event, words.done.consult, ({ db, actor }, id, _, sent, now) =>
      consultWarning(db, actor, id, { parties: typed(sent, 'parties'), text: typed(sent, 'text') }, now),
    ),

  press: (event) =>
    run(event, words.done.press, ({ db, actor }, id, seen, sent, now) => {
      const held = field(sent, 'held') === 'yes';
      return settlePress(db, actor, id, seen, { held, note: typed(sent, 'note') }, now);
    }),

  check: (event) =>
    run(event, words.done.check, ({ db, actor }, id, _, sent, now) => {
      const item = checkItems.find((known) => known === sent.get('item'));
      if (!item) error(400, messages.errors.notFound);
      const note = field(sent, 'undo') === 'yes' ? null : typed(sent, 'note');
      return checkWarning(db, actor, id, item, note, now);
    }),

  order: async (event) => {
    const { desk, id } = await find(event);
    const sent = await event.request.formData();
    const text = typed(sent, 'text').slice(0, LONGEST_REASON * 2);
    const none = field(sent, 'office') === '' && field(sent, 'office-text').trim() === '';
    const office = none ? { id: desk.office } : await officeField(desk, sent);
    if (!office) return fail(400, { message: words.supervision.noOffice });
    const dueAt = fromShanghaiInput(field(sent, 'due'));
    if (!dueAt) return fail(400, { message: words.supervision.badDue });
    const order = { toOfficeId: office.id, text, dueAt };
    const made = await orFail(() => orderSupervision(desk.db, desk.actor, id, order, new Date()));
    return typeof made === 'number' ? { done: words.done.order } : made;
  },
};
