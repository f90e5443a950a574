import { fail, redirect } from '@sveltejs/kit';
import { officeNames } from '../../../../../../store/offices.ts';
import { addRule } from '../../../../../../store/warning-rules.ts';
import { ruleMessages } from '../../../../../lib/messages/rules.ts';
import { freshDraft } from '../../../../../lib/rule-draft.ts';
import { acting, reading } from '../../../../../lib/server/desk.ts';
import { field, orFail } from '../../../../../lib/server/form.ts';
import { levelChoices, readRule, type RuleWrong } from '../../../../../lib/server/rule-form.ts';
import type { Actions, PageServerLoad } from './$types';

const words = ruleMessages.form;

export const load: PageServerLoad = async ({ locals }) => {
  const { db, own, office } = reading(locals);
  const names = await officeNames(db, own);
  return {
    levels: levelChoices(),
    fresh: freshDraft(),
    // The person's own office first: it is the usual choice.
    offices: [...names]
      .map(([id, name]) => ({ id, name }))
      .toSorted((a, b) => Number(b.id === office) - Number(a.id === office)),
  };
};

export const actions: Actions = {
  save: async ({ locals, request }) => {
    const desk = acting(locals);
    const sent = await request.formData();
    const office = field(sent, 'office') === '' ? desk.office : Number(field(sent, 'office'));
    const { typed, details, wrong } = await readRule(sent);
    const refuse = (status: number, message: string, more: RuleWrong = {}) =>
      fail(status, { message, typed, office: String(office), wrong: { ...wrong, ...more } });
    if (!desk.own.includes(office)) return refuse(400, words.noOffice, { office: words.noOffice });
    if (!details) return refuse(400, words.wrong(Object.keys(wrong).length));
    const made = await orFail(() => addRule(desk.db, desk.actor, office, details));
    if (typeof made !== 'number') return refuse(409, made.data.message, { name: made.data.message });
    redirect(303, `/warnings/rules/${made}?made`);
  },
};
