import { fail } from '@sveltejs/kit';
import { troubledDeliveries } from '../../../../store/notice-deliveries.ts';
import { acknowledge, markRead, noticesOf, NOTICES_LISTED } from '../../../../store/notices.ts';
import { noticeMessages as words } from '../../../lib/messages/notices.ts';
import { acting, may, mayIn, reading, type Desk } from '../../../lib/server/desk.ts';
import { field } from '../../../lib/server/form.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url, depends }) => {
  depends('live:notices');
  const desk = reading(locals);
  const { db, person } = desk;
  const open = url.searchParams.get('only') === 'open';
  const notices = await noticesOf(db, person.id, open);
  return {
    ...{ open, notices },
    most: notices.length === NOTICES_LISTED ? NOTICES_LISTED : null,
    manages: may(person, 'notice-settings'),
    troubled: await troubled(desk),
  };
};

const DAY = 86_400_000;

/** How many messages of the last day did not arrive for certain: for those who can do something about it. */
async function troubled({ db, person, own }: Desk): Promise<number> {
  const offices = own.filter((office) => mayIn(person, 'notice-settings', office));
  return offices.length === 0 ? 0 : troubledDeliveries(db, offices, new Date(Date.now() - DAY));
}

function idOf(sent: FormData): number {
  const id = field(sent, 'id');
  return /^[1-9]\d{0,14}$/.test(id) ? Number(id) : 0;
}

export const actions: Actions = {
  acknowledge: async ({ locals, request }) => {
    const desk = acting(locals);
    const seen = await acknowledge(desk.db, desk.actor, idOf(await request.formData()), new Date());
    return seen ? { done: words.acknowledgeDone } : fail(409, { message: words.acknowledgedBefore });
  },

  read: async ({ locals, request }) => {
    const { db, person } = acting(locals);
    const id = idOf(await request.formData());
    await markRead(db, person.id, id === 0 ? null : id, new Date());
    return id === 0 ? { done: words.readAllDone } : {};
  },
};
