import { json } from '@sveltejs/kit';
import { publicDb } from '../../lib/server/desk.ts';
import { hub } from '../../lib/server/hub.ts';
import type { RequestHandler } from './$types';

const PATIENCE_MS = 3_000;

export const GET: RequestHandler = async () => {
  const { search } = hub();
  const [database, engine] = await Promise.all([
    answers(publicDb().query('select 1')),
    answers(search.client.health()),
  ]);
  const ready = database === 'up' && engine === 'up';
  return json(
    { status: ready ? 'ready' : 'not-ready', database, search: engine },
    { status: ready ? 200 : 503, headers: { 'cache-control': 'no-store' } },
  );
};

/** Says only whether: why is for the log, not for whoever asks. */
async function answers(question: Promise<unknown>): Promise<'up' | 'down'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'down'>((resolve) => {
    timer = setTimeout(() => resolve('down'), PATIENCE_MS);
  });
  const answer = question.then(
    () => 'up' as const,
    () => 'down' as const,
  );
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
