import { error, fail } from '@sveltejs/kit';
import { ruleSentence } from '../../../../../../indexer/warnings/rule-words.ts';
import {
  changeRule,
  resetRule,
  restoreRule,
  ruleById,
  ruleVersions,
  type WarningRule,
} from '../../../../../../store/warning-rules.ts';
import { messages } from '../../../../../lib/messages.ts';
import { ruleMessages } from '../../../../../lib/messages/rules.ts';
import { draftOf } from '../../../../../lib/rule-draft.ts';
import { acting, mayIn, reading, type Desk } from '../../../../../lib/server/desk.ts';
import { field, orFail } from '../../../../../lib/server/form.ts';
import { readId } from '../../../../../lib/server/read-id.ts';
import { levelChoices, readRule } from '../../../../../lib/server/rule-form.ts';
import type { Actions, PageServerLoad } from './$types';

const words = ruleMessages.page;

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const desk = reading(locals);
  const rule = await found(desk, params.id);
  const versions = await ruleVersions(desk.db, rule.id);
  return {
    rule,
    draft: draftOf(rule),
    sentence: ruleSentence(rule.rule),
    levels: levelChoices(),
    versions: versions.map(({ rule: said, ...version }) => ({ ...version, sentence: ruleSentence(said) })),
    made: url.searchParams.has('made'),
    mayWrite: mayIn(desk.person, 'warning-rule-write', rule.officeId),
  };
};

async function found({ db }: Desk, id: string): Promise<WarningRule> {
  const rule = await ruleById(db, readId(id));
  if (!rule) error(404, messages.errors.notFound);
  return rule;
}

/** The rule that an act is about, and the version that the person has seen. */
async function held(locals: App.Locals, id: string, request: Request) {
  const desk = acting(locals);
  const rule = await found(desk, id);
  if (!desk.own.includes(rule.officeId)) error(404, messages.errors.notFound);
  const sent = await request.formData();
  return { desk, sent, id: rule.id, seen: Number(field(sent, 'version')) || 0 };
}

/** Does an act that leads to the next version, and says so. */
async function done(work: () => Promise<number>, text: string) {
  const version = await orFail(work);
  return typeof version === 'number' ? { done: text } : version;
}

export const actions: Actions = {
  save: async ({ locals, params, request }) => {
    const { desk, sent, id, seen } = await held(locals, params.id, request);
    const { typed, details, wrong } = await readRule(sent);
    if (!details) {
      return fail(400, { message: ruleMessages.form.wrong(Object.keys(wrong).length), typed, wrong });
    }
    const failed = await orFail(() => changeRule(desk.db, desk.actor, id, seen, details));
    if (typeof failed !== 'number') return fail(409, { message: failed.data.message, typed, wrong });
    return { done: ruleMessages.form.saved };
  },

  switch: async ({ locals, params, request }) => {
    const { desk, sent, id, seen } = await held(locals, params.id, request);
    const enabled = field(sent, 'to') === 'on';
    return done(
      () => changeRule(desk.db, desk.actor, id, seen, { enabled }),
      enabled ? words.enabled : words.disabled,
    );
  },

  archive: async ({ locals, params, request }) => {
    const { desk, sent, id, seen } = await held(locals, params.id, request);
    const archived = field(sent, 'to') !== 'back';
    return done(
      () => changeRule(desk.db, desk.actor, id, seen, { archived }),
      archived ? words.archivedNow : words.takenBack,
    );
  },

  restore: async ({ locals, params, request }) => {
    const { desk, sent, id, seen } = await held(locals, params.id, request);
    const version = Number(field(sent, 'restore')) || 0;
    return done(() => restoreRule(desk.db, desk.actor, id, seen, version), words.restored);
  },

  reset: async ({ locals, params, request }) => {
    const { desk, id, seen } = await held(locals, params.id, request);
    return done(() => resetRule(desk.db, desk.actor, id, seen), words.resetDone);
  },
};
