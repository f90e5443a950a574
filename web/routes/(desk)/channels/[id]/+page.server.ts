import { error, fail, type RequestEvent } from '@sveltejs/kit';
import { channelSecretsOf } from '../../../../../config/channels.ts';
import {
  archiveChannelAccount,
  changeChannelAccount,
  channelAccount,
  enableChannelAccount,
  restoreChannelAccount,
  resumeChannelAccount,
} from '../../../../../store/channel-accounts.ts';
import { channelOverviews, type ChannelOverview } from '../../../../../store/channel-overview.ts';
import { setChannelSecret } from '../../../../../store/channel-secrets.ts';
import { typedOf, usualOf } from '../../../../lib/channel-fields.ts';
import { missingSecrets } from '../../../../lib/channel-state.ts';
import { channelMessages } from '../../../../lib/messages/channels.ts';
import { weiboTroubles } from '../../../../lib/messages/weibo-authorisation.ts';
import { messages } from '../../../../lib/messages.ts';
import { checkChannel } from '../../../../lib/server/channel-check.ts';
import { readDetails } from '../../../../lib/server/channel-form.ts';
import { channelView } from '../../../../lib/server/channel-view.ts';
import { acting, mayIn, reading, type Desk } from '../../../../lib/server/desk.ts';
import { field, orFail } from '../../../../lib/server/form.ts';
import { hub } from '../../../../lib/server/hub.ts';
import { readId } from '../../../../lib/server/read-id.ts';
import { WEIBO_RETURN } from '../../../../lib/server/weibo-oauth.ts';
import type { Actions, PageServerLoad } from './$types';

const words = channelMessages;

/** Given by the platform, or kept by the hub: nobody types them in. */
const notTyped = new Set(['access-token', 'encoding-aes-key-previous']);

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { db, person } = reading(locals);
  const account = await channelAccount(db, readId(params.id));
  if (!account) error(404, messages.errors.notFound);
  const { id, channel, settings, name, dryRun, findings, checkedAt } = account;
  const overview = (await channelOverviews(db, [account])).get(id) as ChannelOverview;
  const set = new Map(overview.secrets.map((secret) => [secret.name, secret]));
  const missing = missingSecrets(account, overview.secrets);
  const { runtime } = hub();
  const trouble = url.searchParams.get('trouble') ?? '';
  return {
    account: channelView(account, overview, new Date()),
    secrets: channelSecretsOf[channel]
      .filter((secret) => !notTyped.has(secret.name))
      .map((secret) => ({
        name: secret.name,
        needed: missing.includes(secret.name) || secret.needed === 'always',
        setAt: set.get(secret.name)?.setAt ?? null,
      })),
    authorisation: channel === 'weibo' ? (set.get('access-token') ?? null) : null,
    /** What is to be typed into the platform's console. */
    entry:
      channel === 'weibo'
        ? `${runtime.address}${WEIBO_RETURN}`
        : channel === 'wechat' && account.settings.callback !== 'off'
          ? `${runtime.address}/api/channels/wechat/${id}`
          : null,
    findings,
    checkedAt,
    typed: { ...typedOf(channel, settings), name, dryRun: dryRun ? 'on' : '' },
    usual: usualOf(channel),
    mayWrite: mayIn(person, 'channel-write', account.officeId),
    authorised: url.searchParams.has('authorised'),
    trouble: Object.hasOwn(weiboTroubles, trouble)
      ? weiboTroubles[trouble as keyof typeof weiboTroubles]
      : null,
  };
};

/** What the forms of the page send, about an account within the action's scope. @throws 404 where it is in none */
async function find({ locals, params, request }: RequestEvent<{ id: string }>) {
  const desk: Desk = acting(locals);
  const account = await channelAccount(desk.db, readId(params.id));
  if (!account) error(404, messages.errors.notFound);
  return { ...desk, account, desk, sent: await request.formData() };
}

const done = (text: string) => ({ done: text });

export const actions: Actions = {
  save: async (event) => {
    const { db, actor, account, sent } = await find(event);
    const { typed, wrong, details } = readDetails(sent, account.channel, account.settings);
    if (!details) {
      return fail(400, { message: words.form.wrong(Object.keys(wrong).length), typed, wrong });
    }
    return orFail(async () => {
      const { secretsDropped } = await changeChannelAccount(db, actor, account.id, details);
      return done(secretsDropped ? words.form.savedMoved : words.form.saved);
    });
  },

  secret: async (event) => {
    const { db, actor, account, sent } = await find(event);
    const name = field(sent, 'name');
    const secret = channelSecretsOf[account.channel].find(
      (each) => each.name === name && !notTyped.has(name),
    );
    if (!secret) return fail(400, { message: words.secret.gone });
    const label = words.secrets[name]?.label ?? name;
    const value = secret.value.safeParse(field(sent, 'value'));
    if (!value.success) {
      const why = value.error.issues[0]?.message ?? words.form.required;
      return fail(400, {
        message: words.secret.wrong(label, field(sent, 'value') === '' ? words.form.required : why),
      });
    }
    const { cipher } = hub();
    const set = await setChannelSecret(db, cipher, actor, { accountId: account.id, name, value: value.data });
    return set ? done(words.secret.saved(label)) : fail(409, { message: words.secret.gone });
  },

  check: async (event) => {
    const { desk, account } = await find(event);
    const found = await checkChannel(desk, account.id);
    if (found === null) return fail(409, { message: words.secret.gone });
    if (found === 'sealed') return fail(409, { message: words.check.fault });
    const wrong = found.filter(({ ok }) => ok === false).length;
    return wrong > 0 ? fail(409, { message: words.check.found(wrong) }) : done(words.check.passed);
  },

  switch: async (event) => {
    const { db, actor, account, sent } = await find(event);
    const enabled = field(sent, 'to') === 'on';
    return orFail(async () => {
      await enableChannelAccount(db, actor, account.id, enabled);
      return done(enabled ? words.acts.done.enabled : words.acts.done.disabled);
    });
  },

  resume: async (event) => {
    const { db, actor, account } = await find(event);
    return orFail(async () => {
      const resumed = await resumeChannelAccount(db, actor, account.id);
      return done(resumed ? words.acts.done.resumed : words.acts.done.notStopped);
    });
  },

  archive: async (event) => {
    const { db, actor, account } = await find(event);
    return orFail(async () => {
      await archiveChannelAccount(db, actor, account.id);
      return { ...done(words.acts.done.archived), undo: true };
    });
  },

  restore: async (event) => {
    const { db, actor, account } = await find(event);
    return orFail(async () => {
      await restoreChannelAccount(db, actor, account.id);
      return done(words.acts.done.restored);
    });
  },
};
