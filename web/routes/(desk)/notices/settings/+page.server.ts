import { fail } from '@sveltejs/kit';
import { preferencesOf, savePreferences } from '../../../../../store/notice-preferences.ts';
import { noticeMessages } from '../../../../lib/messages/notices.ts';
import { acting, may, reading } from '../../../../lib/server/desk.ts';
import { field } from '../../../../lib/server/form.ts';
import { hub } from '../../../../lib/server/hub.ts';
import { levelsField, minutesField } from '../../../../lib/server/notice-form.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
  const { db, person, office } = reading(locals);
  return {
    preferences: await preferencesOf(db, person.id, office),
    mail: hub().runtime.hub.notices.mail !== undefined,
    manages: may(person, 'notice-settings'),
  };
};

export const actions: Actions = {
  default: async ({ locals, request }) => {
    const { db, person, own } = acting(locals);
    const sent = await request.formData();
    const quiet = field(sent, 'quiet') === 'on';
    const [from, until] = [minutesField(sent, 'from'), minutesField(sent, 'until')];
    if (quiet && (from === null || until === null || from === until)) {
      return fail(400, { message: noticeMessages.settings.wrongQuiet });
    }
    await savePreferences(db, person.id, own, {
      appLevels: levelsField(sent, 'app'),
      mailLevels: levelsField(sent, 'mail'),
      quietFrom: quiet ? from : null,
      quietUntil: quiet ? until : null,
    });
    return { done: noticeMessages.settings.saved };
  },
};
