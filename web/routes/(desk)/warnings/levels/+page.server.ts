import { error, fail } from '@sveltejs/kit';
import { attributes, levels, levelSchema } from '../../../../../config/warning-levels.ts';
import { changeLevel, levelsOf, levelVersions } from '../../../../../store/warning-levels.ts';
import { messages } from '../../../../lib/messages.ts';
import { warningMessages as words } from '../../../../lib/messages/warnings.ts';
import { acting, mayIn, reading } from '../../../../lib/server/desk.ts';
import { field, orFail } from '../../../../lib/server/form.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
  const { db, office, person } = reading(locals);
  const edit = levels.find((level) => level === url.searchParams.get('edit')) ?? null;
  return {
    edit,
    levels: await levelsOf(db, office),
    versions: edit === null ? [] : await levelVersions(db, office, edit),
    mayWrite: mayIn(person, 'warning-rule-write', office),
  };
};

/** Hours of a field: a whole number, null for none, NaN for what is neither. */
function hours(text: string): number | null {
  return text.trim() === '' ? null : Number(text);
}

export const actions: Actions = {
  save: async ({ locals, request }) => {
    const desk = acting(locals);
    const sent = await request.formData();
    const level = levels.find((known) => known === sent.get('level'));
    if (!level) error(400, messages.errors.notFound);
    const texts = Object.fromEntries(attributes.map((name) => [name, field(sent, name)]));
    const clocks = { respondHours: hours(field(sent, 'respond')), pressHours: hours(field(sent, 'press')) };
    const read = levelSchema.safeParse({ ...texts, ...clocks });
    if (!read.success) return fail(400, { message: words.levelPage.wrong });
    const seen = Number(field(sent, 'version')) || 0;
    const failed = await orFail(() => changeLevel(desk.db, desk.actor, desk.office, level, seen, read.data));
    return failed ?? { done: words.done.levelSaved };
  },
};
