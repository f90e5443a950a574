import { setTimeout } from 'node:timers/promises';
import { error, fail, type RequestEvent } from '@sveltejs/kit';
import { reasons } from '../../../../../../crawler/messages.ts';
import type { Preview, WrongRow } from '../../../../../../hub/intake/preview.ts';
import { writeCsv } from '../../../../../../store/csv.ts';
import { intakeSource, runningImport } from '../../../../../../store/intake.ts';
import { messages } from '../../../../../lib/messages.ts';
import { intakeMessages } from '../../../../../lib/messages/intake.ts';
import { acting, hubKnowledge, reading, type Desk } from '../../../../../lib/server/desk.ts';
import { orFail } from '../../../../../lib/server/form.ts';
import { hub } from '../../../../../lib/server/hub.ts';
import { readId } from '../../../../../lib/server/read-id.ts';
import { readUploadForm } from '../../../../../lib/server/upload-form.ts';
import type { Actions, PageServerLoad } from './$types';

const words = intakeMessages.upload;

/** As many lines as somebody reads. */
const SHOWN = 300;
/** Proxies give up on an answer after a minute or less: a longer import goes on by itself, and its page shows how far it is. */
const WAIT_MS = 20_000;

export const load: PageServerLoad = async ({ locals, params, depends }) => {
  depends('live:sources');
  const desk = reading(locals);
  const { id, name, off } = await find(desk, params.id);
  return { source: { id, name, off }, running: await runningImport(desk.db, id) };
};

async function find({ db }: Desk, id: string) {
  const source = await intakeSource(db, readId(id));
  if (source?.kind !== 'upload') error(404, messages.errors.notFound);
  return source;
}

async function received({ locals, params, request }: RequestEvent<{ id: string }>) {
  const desk = acting(locals);
  return { desk, source: await find(desk, params.id), form: await readUploadForm(request) };
}

export const actions: Actions = {
  preview: async (event) => {
    const { desk, source, form } = await received(event);
    if ('problem' in form) return fail(400, { message: form.problem });
    // What reads files is loaded with the first one.
    const { previewUpload } = await import('../../../../../../hub/intake/preview.ts');
    return orFail(async () => ({
      preview: shown(await previewUpload(desk.db, source, form.bytes, form.mapping, await hubKnowledge())),
    }));
  },

  import: async (event) => {
    const { desk, source, form } = await received(event);
    if ('problem' in form) return fail(400, { message: form.problem });
    if (form.hash === '') return fail(400, { message: words.previewFirst });
    const { importUpload } = await import('../../../../../../hub/intake/import.ts');
    return orFail(async () => {
      const { bytes, ...options } = form;
      const work = importUpload(desk.db, source, bytes, {
        ...{ actor: desk.actor, knowledge: await hubKnowledge() },
        ...options,
      });
      const done = await Promise.race([work, setTimeout(WAIT_MS, null, { ref: false })]);
      if (done === null) {
        work.catch((err: unknown) => hub().log.error({ err, source: source.key }, 'an import broke off'));
        return { goesOn: true };
      }
      const { fresh, known, copies, failed } = done;
      return {
        imported: { fresh, known, copies, failed, wrong: inWords(done.wrong.slice(0, SHOWN)) },
        list: failed > 0 ? listOf(done.wrong) : null,
      };
    });
  },
};

function shown({ wrong, sample, ...preview }: Preview) {
  return {
    ...preview,
    wrong: inWords(wrong.slice(0, SHOWN)),
    sample: sample.map(({ redactions, ...row }) => ({
      ...row,
      masked: Object.values(redactions).reduce((sum, n) => sum + n, 0),
    })),
  };
}

function inWords(wrong: readonly WrongRow[]): { line: number; reason: string }[] {
  return wrong.map(({ line, code }) => ({ line, reason: reasons[code] }));
}

function listOf(wrong: readonly WrongRow[]): string {
  return writeCsv([words.downloadHeader, ...wrong.map(({ line, code }) => [String(line), reasons[code]])]);
}
