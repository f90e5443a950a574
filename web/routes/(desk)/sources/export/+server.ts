import { writeCsv } from '../../../../../store/csv.ts';
import { allSources, type EditedSource } from '../../../../../store/edited-sources.ts';
import { sourceMessages } from '../../../../lib/messages/sources.ts';
import { acting } from '../../../../lib/server/desk.ts';
import { listFile } from '../../../../lib/server/list-file.ts';
import type { RequestHandler } from './$types';

const words = sourceMessages.export;

/** The sources as a list to take away: a table, or what other readers import. Secrets and settings stay here. */
export const GET: RequestHandler = async ({ locals, url }) => {
  const desk = acting(locals);
  const sources = await allSources(desk.db, desk.offices);
  if (url.searchParams.get('format') !== 'opml') {
    const rows = [words.header, ...sources.map(rowOf)];
    return listFile(desk, 'source-export', 'sources', sources.length, writeCsv(rows));
  }
  const feeds = sources.filter(({ kind }) => kind === 'feed');
  const opml = { type: 'text/x-opml', ending: 'opml' };
  return listFile(desk, 'source-export', 'sources', feeds.length, opmlOf(feeds), opml);
};

function rowOf(source: EditedSource): string[] {
  return [
    source.name,
    source.url ?? '',
    sourceMessages.import.kindWords[source.kind as 'feed' | 'site']?.[0] ?? source.kind,
    words.minutes(Math.round(source.intervalSeconds / 60)),
    source.outlet ?? '',
    source.officeCode,
    source.officeName,
    source.key,
    words.states[stateOf(source)],
    source.legalBasis ?? '',
    source.impactNote ?? '',
    source.approvedBy ?? '',
  ];
}

function stateOf(source: EditedSource): keyof typeof words.states {
  if (source.stoppedAt) return 'stopped';
  if (source.approvedBy === null) return 'waiting';
  return source.enabled ? 'running' : 'off';
}

function opmlOf(feeds: readonly EditedSource[]): string {
  const lines = feeds.map(({ name, url }) => {
    return `    <outline type="rss" text="${escaped(name)}" title="${escaped(name)}" xmlUrl="${escaped(url ?? '')}"/>`;
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<opml version="2.0">\n  <head><title>${escaped(words.title)}</title></head>\n  <body>`,
    ...lines,
    '  </body>\n</opml>\n',
  ].join('\n');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
