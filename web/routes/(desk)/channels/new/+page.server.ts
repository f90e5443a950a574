import { fail, redirect } from '@sveltejs/kit';
import { channelAccounts, addChannelAccount } from '../../../../../store/channel-accounts.ts';
import { usualOf } from '../../../../lib/channel-fields.ts';
import { channelMessages } from '../../../../lib/messages/channels.ts';
import { acting, reading } from '../../../../lib/server/desk.ts';
import { readChannel, readNewChannel } from '../../../../lib/server/channel-form.ts';
import { field, orFail } from '../../../../lib/server/form.ts';
import type { Actions, PageServerLoad } from './$types';

const words = channelMessages.form;

export const load: PageServerLoad = async ({ locals, url }) => {
  const { db, office } = reading(locals);
  const channel = readChannel(url.searchParams.get('channel') ?? '');
  const accounts = await channelAccounts(db, { officeId: office });
  return {
    channel,
    usual: channel && usualOf(channel),
    hasWebsite: accounts.some((account) => account.channel === 'website'),
  };
};

export const actions: Actions = {
  default: async ({ locals, request }) => {
    const { db, actor } = acting(locals);
    const sent = await request.formData();
    const channel = readChannel(field(sent, 'channel'));
    if (!channel) return fail(400, { message: words.noChannel });
    const { typed, wrong, details } = readNewChannel(sent, channel);
    if (!details) return fail(400, { message: words.wrong(Object.keys(wrong).length), typed, wrong });
    const made = await orFail(() => addChannelAccount(db, actor, details));
    if (typeof made !== 'number') return fail(409, { message: made.data.message, typed, wrong });
    redirect(303, `/channels/${made}`);
  },
};
