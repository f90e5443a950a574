import { fail } from '@sveltejs/kit';
import { readEnv } from '../../../../../config/env.ts';
import { levels } from '../../../../../config/levels.ts';
import { robotKinds, type NoticeSettings } from '../../../../../config/notices.ts';
import { composeTest } from '../../../../../publisher/notices/message.ts';
import type { Outcome } from '../../../../../publisher/notices/outcome.ts';
import { openGuard } from '../../../../../publisher/notices/post-once.ts';
import { addressFault } from '../../../../../publisher/notices/robots/check.ts';
import { callRobot } from '../../../../../publisher/notices/send.ts';
import {
  addRobot,
  changeRobot,
  endRobot,
  noteRobotTest,
  robotDoor,
  robotsOf,
} from '../../../../../store/notice-robots.ts';
import { saveSettings, settingsOf } from '../../../../../store/notice-settings.ts';
import { officeById } from '../../../../../store/offices.ts';
import { noticeMessages, reasonText } from '../../../../lib/messages/notices.ts';
import { acting, reading, type Desk } from '../../../../lib/server/desk.ts';
import { field } from '../../../../lib/server/form.ts';
import { hub } from '../../../../lib/server/hub.ts';
import { levelsField } from '../../../../lib/server/notice-form.ts';
import type { Actions, PageServerLoad } from './$types';

const words = noticeMessages.channels;
const LONGEST_NAME = 40;
const LONGEST_ADDRESS = 500;
/** What a webhook is signed with is drawn by people, who like short ones. */
const SHORTEST_SECRET = 16;
/** Somebody waits in front of the page. */
const TEST_MS = 10_000;

export const load: PageServerLoad = async ({ locals }) => {
  const { db, office } = reading(locals);
  const { mail } = hub().runtime.hub.notices;
  return {
    robots: await robotsOf(db, [office]),
    settings: await settingsOf(db, office),
    mail: mail ? { from: mail.from, host: mail.host } : null,
  };
};

function idOf(sent: FormData): number {
  const id = field(sent, 'id');
  return /^[1-9]\d{0,8}$/.test(id) ? Number(id) : 0;
}

const guard = () => openGuard(hub().runtime.hub.notices.allowPrivateHosts);

export const actions: Actions = {
  add: async ({ locals, request }) => {
    const desk = acting(locals);
    const sent = await request.formData();
    const kind = robotKinds.find((known) => known === field(sent, 'kind')) ?? 'wecom';
    const [name, address, given] = ['name', 'address', 'secret'].map((each) => field(sent, each).trim()) as [
      string,
      string,
      string,
    ];
    const chosen = levelsField(sent, 'levels');
    const wrong = (message: string) => fail(400, { message });
    if (name === '' || name.length > LONGEST_NAME) return wrong(words.noName);
    if (address.length > LONGEST_ADDRESS || given.length > LONGEST_ADDRESS) return wrong(words.longAddress);
    const fault = addressFault(kind, address, guard());
    if (fault) return wrong(words.faults[fault]);
    if (kind === 'webhook' && given.length < SHORTEST_SECRET) return wrong(words.noSecret);
    if (chosen.length === 0) return wrong(words.noLevels);
    const secret = kind === 'wecom' || given === '' ? null : given;
    await addRobot(desk.db, hub().cipher, desk.actor, { kind, name, address, secret, levels: chosen });
    return { done: words.added };
  },

  change: async ({ locals, request }) => {
    const desk = acting(locals);
    const sent = await request.formData();
    const chosen = levelsField(sent, 'levels');
    if (chosen.length === 0) return fail(400, { message: words.noLevels });
    const enabled = field(sent, 'enabled') === 'on';
    const changed = await changeRobot(desk.db, desk.actor, idOf(sent), { levels: chosen, enabled });
    return changed ? { done: words.changed } : fail(409, { message: words.gone });
  },

  remove: async ({ locals, request }) => {
    const desk = acting(locals);
    const ended = await endRobot(desk.db, desk.actor, idOf(await request.formData()));
    return ended ? { done: words.removed } : fail(409, { message: words.gone });
  },

  test: async ({ locals, request }) => {
    const desk = acting(locals);
    const id = idOf(await request.formData());
    const [robot] = (await robotsOf(desk.db, [desk.office])).filter((each) => each.id === id);
    const door = robot && (await robotDoor(desk.db, hub().cipher, id));
    if (!door) return fail(409, { message: words.gone });
    const now = new Date();
    const message = await testMessage(desk, now);
    const outcome = await callRobot(
      { guard: guard(), timeoutMs: TEST_MS },
      door,
      message,
      now,
      `test-${now.getTime()}`,
    );
    await noteRobotTest(desk.db, desk.actor, id, outcome.kind);
    return told(outcome, words.tested);
  },

  testMail: async ({ locals }) => {
    const desk = acting(locals);
    const { mail } = hub().runtime.hub.notices;
    if (!mail) return fail(409, { message: words.mailOff });
    const now = new Date();
    const message = await testMessage(desk, now);
    const { sendMail } = await import('../../../../../publisher/notices/mail.ts');
    const door = { ...mail, password: readEnv().JIANSHENG_SMTP_PASSWORD ?? null };
    const outcome = await sendMail(door, desk.person.email, message, `test-${now.getTime()}`, TEST_MS);
    return told(outcome, words.testedMail);
  },

  rules: async ({ locals, request }) => {
    const desk = acting(locals);
    const sent = await request.formData();
    const before = await settingsOf(desk.db, desk.office);
    const escalateMinutes: NoticeSettings['escalateMinutes'] = { ...before.escalateMinutes };
    for (const level of levels) {
      const typed = field(sent, `escalate-${level}`).trim();
      const minutes = wholeNumber(typed);
      if (typed !== '' && (minutes === null || minutes < 1))
        return fail(400, { message: words.wrongMinutes });
      escalateMinutes[level] = minutes;
    }
    const bundleMinutes = wholeNumber(field(sent, 'bundle').trim());
    if (bundleMinutes === null) return fail(400, { message: words.wrongBundle });
    await saveSettings(desk.db, desk.actor, { ...before, escalateMinutes, bundleMinutes });
    return { done: words.rulesSaved };
  },
};

/** Minutes of up to a day. */
function wholeNumber(text: string): number | null {
  return /^\d{1,4}$/.test(text) && Number(text) <= 1_440 ? Number(text) : null;
}

async function testMessage({ db, office }: Desk, now: Date) {
  const { address } = hub().runtime;
  return composeTest((await officeById(db, office))?.name ?? '', address, now);
}

function told(outcome: Outcome, sent: string) {
  if (outcome.kind === 'sent') return { done: sent };
  const said = outcome.detail ? noticeMessages.log.answer(outcome.detail) : '';
  const reason = `${reasonText(outcome.reason)}${said}`;
  return fail(409, {
    message: outcome.kind === 'unknown' ? words.testUnknown(reason) : words.testFailed(reason),
  });
}
