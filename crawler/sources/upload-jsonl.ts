import { setImmediate } from 'node:timers/promises';
import { ROWS_AT_ONCE, UPLOAD_LIMITS, type FileRow } from './upload-row.ts';

/** What one line may hold; a longer one is no item. UTF-16 units. */
const LONGEST_LINE = 2_000_000;
/** `data.user.name`: deeper keys are of no use as columns. */
const DEEPEST = 4;

function* lines(text: string): Generator<{ line: number; text: string }> {
  let line = 0;
  for (let at = 0; at <= text.length;) {
    const end = text.indexOf('\n', at);
    const stop = end === -1 ? text.length : end;
    line += 1;
    const piece = text.slice(at, stop).trim();
    if (piece !== '') yield { line, text: piece };
    at = stop + 1;
  }
}

/** The keys of an object as columns, those inside it with dots. What is a list has no column. Null: not an object. */
function flat(text: string): Map<string, string> | null {
  if (text.length > LONGEST_LINE) return null;
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read)) return null;
  const cells = new Map<string, string>();
  const walk = (value: object, path: string, depth: number) => {
    for (const [key, inner] of Object.entries(value)) {
      if (cells.size >= UPLOAD_LIMITS.columns) return;
      const name = path + key.slice(0, 100);
      if (typeof inner === 'string') cells.set(name, inner);
      else if (typeof inner === 'number' || typeof inner === 'boolean') cells.set(name, String(inner));
      else if (inner !== null && typeof inner === 'object' && !Array.isArray(inner) && depth < DEEPEST) {
        walk(inner as object, `${name}.`, depth + 1);
      }
    }
  };
  walk(read, '', 1);
  return cells;
}

/** The columns of JSON lines: every key that occurs, in the order in which they turn up. */
export async function jsonColumns(text: string): Promise<string[]> {
  const names = new Set<string>();
  let count = 0;
  for (const each of lines(text)) {
    if (++count % ROWS_AT_ONCE === 0) await setImmediate();
    for (const name of flat(each.text)?.keys() ?? []) {
      if (names.size < UPLOAD_LIMITS.columns) names.add(name);
    }
  }
  return [...names];
}

/** The objects of JSON lines, one a row. */
export async function* jsonRecords(text: string, columns: readonly string[]): AsyncGenerator<FileRow> {
  for (const each of lines(text)) {
    const cells = flat(each.text);
    yield { line: each.line, cells: cells && columns.map((name) => cells.get(name) ?? '') };
  }
}
