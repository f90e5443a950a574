import { error } from '@sveltejs/kit';
import { placeName } from '../../../../../config/divisions.ts';
import { RetryLater } from '../../../../../config/errors.ts';
import { shanghaiDay } from '../../../../../config/shanghai.ts';
import { appendAudit } from '../../../../../store/audit.ts';
import { csvMark, csvRows } from '../../../../../store/csv.ts';
import { transaction } from '../../../../../store/pool.ts';
import { exportRows, type ExportRow } from '../../../../../store/post-export.ts';
import { writeXlsx } from '../../../../../store/xlsx.ts';
import { fullTime } from '../../../../lib/format.ts';
import { classes } from '../../../../lib/messages/classes.ts';
import { searchMessages } from '../../../../lib/messages/search.ts';
import { messages } from '../../../../lib/messages.ts';
import { readSearch, searchParams } from '../../../../lib/search-params.ts';
import { acting, type Desk } from '../../../../lib/server/desk.ts';
import { field } from '../../../../lib/server/form.ts';
import { chosenOffice } from '../../../../lib/server/office-view.ts';
import { searchAs, type Searcher } from '../../../../lib/server/searching.ts';
import type { RequestHandler } from './$types';

/** As many as the engine pages through. */
const MOST = 10_000;
const PAGE = 1_000;
const [SHORTEST_REASON, LONGEST_REASON] = [5, 200];
const TYPES = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

const words = searchMessages.export;

/** What a search finds, as a list to take away; why and how much stands in the log before the first byte leaves. */
export const POST: RequestHandler = async ({ locals, request }) => {
  const desk = acting(locals);
  const sent = await request.formData();
  const reason = field(sent, 'reason').trim();
  if (reason.length < SHORTEST_REASON || reason.length > LONGEST_REASON) error(400, words.reasonWrong);
  const format = field(sent, 'format') === 'csv' ? 'csv' : 'xlsx';
  const params = new URLSearchParams(field(sent, 'query'));
  const search = { ...readSearch(params), page: 1 };
  const { offices } = await chosenOffice(desk, params);
  const searcher: Searcher = { ...desk, offices, all: offices === desk.offices };
  const find = (page: number) => searchAs(searcher, search, { page, perPage: PAGE });
  const first = await find(1).catch((thrown: unknown) => {
    if (thrown instanceof RetryLater) error(503, thrown.message);
    throw thrown;
  });
  const count = Math.min(first.total, MOST);
  await transaction(desk.db, (client) =>
    appendAudit(client, {
      ...{ ...desk.actor, action: 'post-export', subject: 'search' },
      after: { reason, format, count, query: searchParams(search) },
    }),
  );
  const ids = async function* () {
    yield first.hits.map(({ id }) => id);
    for (let page = 2; page <= Math.ceil(count / PAGE); page += 1) {
      yield (await find(page)).hits.map(({ id }) => id);
    }
  };
  const file = format === 'csv' ? csvOf(desk, ids()) : writeXlsx(words.sheet, pagesOf(desk, ids()));
  const name = `posts-${shanghaiDay(new Date())}.${format}`;
  return new Response(streamOf(file), {
    headers: {
      'content-type': TYPES[format],
      'content-disposition': `attachment; filename="${name}"`,
      'cache-control': 'no-store',
    },
  });
};

/** The head, then the posts page by page. */
async function* pagesOf(desk: Desk, ids: AsyncIterable<number[]>): AsyncGenerator<string[][]> {
  yield [[...words.header]];
  for await (const page of ids) yield (await exportRows(desk.db, page)).map(cellsOf);
}

async function* csvOf(desk: Desk, ids: AsyncIterable<number[]>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  yield encoder.encode(csvMark);
  for await (const rows of pagesOf(desk, ids)) yield encoder.encode(csvRows(rows));
}

function cellsOf(row: ExportRow): string[] {
  const { line, voice } = row;
  return [
    ...[row.title ?? '', row.text, messages.kinds[row.kind], row.sourceName, row.outlet ?? ''],
    ...[fullTime(row.at), messages.sentiments[row.sentiment]],
    ...[
      (line && (classes.lines as Record<string, string>)[line]) ?? '',
      (voice && (classes.voices as Record<string, string>)[voice]) ?? '',
    ],
    ...[row.place === null ? '' : (placeName(row.place) ?? row.place), String(row.copies)],
    ...[row.officeName, row.url ?? '', String(row.id)],
  ];
}

/** Page by page, as fast as it is taken; the reading ends when the one who asked goes away. */
function streamOf(pieces: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const next = await pieces.next();
      if (next.done) controller.close();
      else controller.enqueue(next.value);
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
}
