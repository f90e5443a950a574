import { Parser } from 'htmlparser2';
import { Refused } from '../../../config/errors.ts';
import type { SourceKind } from '../../../config/sources.ts';
import { csvList, csvText, readCsv } from '../../../store/csv.ts';
import { keysInUse, sourcesAt } from '../../../store/edited-sources.ts';
import { messages } from '../../../store/messages.ts';
import { officeByCode } from '../../../store/offices.ts';
import type { SourceDetails } from '../../../store/source-edits.ts';
import { sourceMessages } from '../messages/sources.ts';
import type { Desk } from './desk.ts';
import { checkTyped, freeKey } from './source-form.ts';

const words = sourceMessages.import;

const LIMITS = { rows: 500, bytes: 2 ** 20 };
const columns = ['name', 'url', 'kind', 'interval', 'outlet', 'office'] as const;
type Column = (typeof columns)[number];
type Row = { line: number; cells: Record<Column, string> };

/** The office as the list names it; empty: the desk's. */
type Place = { id: number; name: string; code: string };
export type ImportRow = { line: number; office: Place; details: SourceDetails };
export type ImportFault = { line: number; name: string; reason: string };
/** What a list would become, line by line. */
export type ImportPlan = {
  fresh: ImportRow[];
  /** Lines whose address a source of the office reads already. */
  known: ImportFault[];
  wrong: ImportFault[];
};

/**
 * Reads a list of sources, OPML or CSV, and says what each line would become.
 * @throws Refused when the file as a whole cannot be read
 */
export async function planSources(desk: Desk, bytes: Uint8Array): Promise<ImportPlan> {
  if (bytes.length > LIMITS.bytes) throw new Refused('csv-too-big', words.tooBig);
  const wrong: ImportFault[] = [];
  const rows = isXml(bytes) ? readOpml(csvText(bytes)) : readTable(bytes, wrong);
  if (rows.length > LIMITS.rows) throw new Refused('csv-too-big', words.tooMany);
  if (rows.length === 0 && wrong.length === 0) throw new Refused('import-empty', words.empty);

  const offices = new Map<string, Place | null>();
  for (const code of new Set(rows.map(({ cells }) => cells.office)))
    offices.set(code, await officeOf(desk, code));
  const checked: ImportRow[] = [];
  for (const row of rows) {
    const read = checkRow(row, offices.get(row.cells.office) ?? null);
    if (typeof read === 'string') wrong.push({ line: row.line, name: nameOf(row), reason: read });
    else checked.push(read);
  }
  return { ...(await apart(desk, checked, wrong)), wrong: wrong.toSorted((a, b) => a.line - b.line) };
}

/** The same list again, as it comes back with the order to import it. */
export function listOf(rows: readonly ImportRow[]): string {
  return csvList([
    [...columns],
    ...rows.map(({ details, office }) => [
      ...[details.name, details.url ?? '', details.kind, String(details.intervalSeconds / 60)],
      ...[details.outlet ?? '', office.code],
    ]),
  ]);
}

const isXml = (bytes: Uint8Array) => /^\s*</.test(new TextDecoder().decode(bytes.subarray(0, 200)));

function readTable(bytes: Uint8Array, wrong: ImportFault[]): Row[] {
  const optional: Column[] = ['name', 'kind', 'interval', 'outlet', 'office'];
  const file = readCsv(bytes, words.columnNames, LIMITS, optional);
  for (const { line, cells } of file.uneven) {
    wrong.push({ line, name: '', reason: words.wrong.uneven(cells, file.width) });
  }
  return file.rows.map(({ line, cells }) => ({ line, cells: trimmed(cells) }));
}

function trimmed(cells: Record<Column, string>): Record<Column, string> {
  return Object.fromEntries(columns.map((name) => [name, cells[name].trim()])) as Record<Column, string>;
}

/** Every outline that names a feed, whatever folders it stands in. @throws Refused `import-opml` */
function readOpml(text: string): Row[] {
  const rows: Row[] = [];
  let root = '';
  let line = 0;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        root ||= name.toLowerCase();
        if (name.toLowerCase() !== 'outline') return;
        const given = Object.fromEntries(
          Object.entries(attributes).map(([key, value]) => [key.toLowerCase(), value.trim()]),
        );
        const url = given['xmlurl'] ?? '';
        if (url === '') return;
        line += 1;
        const name_ = given['title'] || given['text'] || '';
        rows.push({ line, cells: { name: name_, url, kind: 'feed', interval: '', outlet: '', office: '' } });
      },
    },
    { xmlMode: true },
  );
  parser.end(text);
  if (root !== 'opml') throw new Refused('import-opml', messages.sources.notOpml);
  return rows;
}

/** The office that a line names, if things may be added there; without a code, the desk's. */
async function officeOf(desk: Desk, code: string): Promise<Place | null> {
  if (code === '') return { id: desk.office, name: '', code };
  const office = await officeByCode(desk.db, desk.own, code);
  return office && { id: office.id, name: office.name, code };
}

/** The source that a line is, or what is wrong with it. */
function checkRow({ line, cells }: Row, office: Place | null): ImportRow | string {
  if (!office) return words.wrong.office(cells.office.slice(0, 40));
  const kind = kindOf(cells.kind, cells.url);
  if (!kind) return words.wrong.kind(cells.kind.slice(0, 20));
  const seconds = secondsOf(cells.interval);
  if (seconds === null) return words.wrong.interval(cells.interval.slice(0, 20));
  const name = (cells.name || URL.parse(cells.url)?.hostname || '').slice(0, 80);
  const typed = { name, url: cells.url, outlet: cells.outlet, intervalSeconds: String(seconds) };
  const { details, wrong } = checkTyped(kind, typed);
  if (details) return { line, office, details };
  const [[field, why] = ['', '']] = Object.entries(wrong);
  return words.wrong.field(sourceMessages.fields[field]?.label ?? field, why);
}

function kindOf(text: string, url: string): SourceKind | null {
  if (text === '') return /(?:rss|atom|feed|\.xml)/i.test(url) ? 'feed' : 'site';
  const word = text.toLowerCase();
  return (['feed', 'site'] as const).find((kind) => words.kindWords[kind].includes(word)) ?? null;
}

/** Minutes, or a number with its unit; nothing: an hour. */
function secondsOf(text: string): number | null {
  if (text === '') return 3_600;
  const [, number = '', unit = ''] = /^(\d{1,5}(?:\.\d+)?)\s*(\p{L}*)$/u.exec(text) ?? [];
  if (number === '') return null;
  const [, seconds] = words.units.find(([names]) => names.includes(unit.toLowerCase())) ?? [];
  return seconds === undefined ? null : Math.round(Number(number) * seconds);
}

/** Parts the lines into new ones, with a key of their own each, and those that are there already. */
async function apart(
  desk: Desk,
  rows: readonly ImportRow[],
  wrong: ImportFault[],
): Promise<{ fresh: ImportRow[]; known: ImportFault[] }> {
  const there = await sourcesAt(
    desk.db,
    desk.own,
    rows.flatMap(({ details }) => details.url ?? []),
  );
  const lines = new Map<string, number>();
  const taken = new Map<number, Set<string>>();
  const fresh: ImportRow[] = [];
  const known: ImportFault[] = [];
  for (const row of rows) {
    const { line, details } = row;
    const officeId = row.office.id;
    const place = `${officeId} ${details.url}`;
    const earlier = lines.get(place);
    const twin = there.find((each) => each.officeId === officeId && each.url === details.url);
    if (twin) known.push({ line, name: details.name, reason: sourceMessages.found.known(twin.name) });
    else if (earlier !== undefined)
      wrong.push({ line, name: details.name, reason: words.wrong.twice(earlier) });
    else {
      lines.set(place, line);
      fresh.push({ ...row, details: { ...details, key: await ownKey(desk, taken, officeId, details.key) } });
    }
  }
  return { fresh, known };
}

async function ownKey(
  desk: Desk,
  taken: Map<number, Set<string>>,
  officeId: number,
  key: string,
): Promise<string> {
  const inFile = taken.get(officeId) ?? new Set<string>();
  taken.set(officeId, inFile);
  if (!inFile.has(key)) {
    const candidates = Array.from({ length: LIMITS.rows }, (_, n) => (n === 0 ? key : `${key}-${n + 1}`));
    for (const used of await keysInUse(desk.db, officeId, candidates)) inFile.add(used);
  }
  const free = freeKey(key, inFile);
  inFile.add(free);
  return free;
}

const nameOf = ({ cells }: Row) => (cells.name || cells.url).slice(0, 60);
