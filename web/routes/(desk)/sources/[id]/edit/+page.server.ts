import { error, fail, redirect, type RequestEvent } from '@sveltejs/kit';
import { optionalSecretNames, secretNames } from '../../../../../../config/sources.ts';
import { editedSource, sourcesAt, type EditedSource } from '../../../../../../store/edited-sources.ts';
import { changeSource } from '../../../../../../store/source-edits.ts';
import { secretStates, setSourceSecret } from '../../../../../../store/source-secrets.ts';
import { messages } from '../../../../../lib/messages.ts';
import { sourceMessages } from '../../../../../lib/messages/sources.ts';
import { acting, reading, type Desk } from '../../../../../lib/server/desk.ts';
import { field, orFail } from '../../../../../lib/server/form.ts';
import { hub } from '../../../../../lib/server/hub.ts';
import { readId } from '../../../../../lib/server/read-id.ts';
import { readSource, restAsYaml } from '../../../../../lib/server/source-form.ts';
import { typedOf } from '../../../../../lib/source-fields.ts';
import type { Actions, PageServerLoad } from './$types';

const words = sourceMessages.edit;

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const desk = reading(locals);
  const source = await find(desk, params.id);
  const { typed, rest } = typedOf(source);
  const states = new Map((await secretStates(desk.db, source.id)).map((state) => [state.name, state]));
  const { id, name, kind, origin } = source;
  return {
    source: { id, name, kind, origin },
    typed: { ...typed, rest: restAsYaml(rest) },
    secrets: secretsOf(source).map((secret) => {
      const state = states.get(secret);
      return { name: secret, setAt: state?.setAt ?? null, endsAt: state?.endsAt ?? null };
    }),
    done: url.searchParams.has('saved')
      ? words.saved
      : url.searchParams.has('secret')
        ? words.needsSecret
        : null,
  };
};

async function find({ db, offices }: Desk, id: string): Promise<EditedSource> {
  const source = await editedSource(db, offices, readId(id));
  if (!source) error(404, messages.errors.notFound);
  return source;
}

function secretsOf(source: EditedSource): string[] {
  return source.origin === 'file' ? [] : [...secretNames(source), ...optionalSecretNames(source)];
}

async function found({ locals, params }: RequestEvent<{ id: string }>) {
  const desk = acting(locals);
  return { desk, source: await find(desk, params.id) };
}

export const actions: Actions = {
  save: async (event) => {
    const { desk, source } = await found(event);
    const sent = await event.request.formData();
    const { typed, details, wrong } = readSource(sent, source.kind);
    const count = Object.keys(wrong ?? {}).length;
    if (!details) return fail(400, { message: sourceMessages.form.wrong(count), typed, wrong });
    const twins = details.url === null ? [] : await sourcesAt(desk.db, [source.officeId], [details.url]);
    const twin = twins.find(({ id }) => id !== source.id);
    if (twin) {
      const url = sourceMessages.form.duplicate(twin.name);
      return fail(409, { message: sourceMessages.form.wrong(1), typed, wrong: { url } });
    }
    const key = typed['key'] ? details.key : source.key;
    const changed = await orFail(() => changeSource(desk.db, desk.actor, source.id, { ...details, key }));
    if ('status' in changed) return fail(409, { ...changed.data, typed, wrong: {} });
    redirect(303, changed.approvedStill ? `?saved` : `/sources/${source.id}/approve?changed`);
  },

  secret: async (event) => {
    const { desk, source } = await found(event);
    const sent = await event.request.formData();
    const name = secretsOf(source).find((known) => known === field(sent, 'name'));
    const value = field(sent, 'value').trim();
    if (!name) return fail(400, { message: messages.errors.notFound });
    if (value === '' || value.length > 4_000) return fail(400, { message: words.secretEmpty });
    const { db, actor } = desk;
    const set = await setSourceSecret(db, hub().cipher, actor, { sourceId: source.id, name, value });
    return { done: set ? words.secretSaved : words.secretSame };
  },
};
