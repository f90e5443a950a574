import { createHash } from 'node:crypto';
import { officeLevels, type OfficeLevel } from '../config/office-levels.ts';
import { readCsv, type CsvLimits } from './csv.ts';
import { messages } from './messages.ts';
import { codeProblem, nameProblem, tidy } from './office-rules.ts';

const words = messages.offices;

/** The whole country has about 3,600 offices. */
export const IMPORT_LIMITS: CsvLimits = { rows: 10_000, bytes: 5 * 2 ** 20 };

/** A row that makes sense by itself. */
export type ImportRow = {
  line: number;
  code: string;
  name: string;
  level: OfficeLevel;
  parent: string | null;
};
/** A line that cannot be imported, and why. */
export type WrongLine = { line: number; code: string; reason: string };
export type ReadOffices = { rows: ImportRow[]; wrong: WrongLine[] };

/**
 * Reads a list of offices, row by row: whether its tree holds together is for `planImport`.
 * @throws Refused as `readCsv`
 */
export function readOfficeCsv(bytes: Uint8Array): ReadOffices {
  const file = readCsv(bytes, words.columns, IMPORT_LIMITS);
  const rows: ImportRow[] = [];
  const wrong: WrongLine[] = file.uneven.map(({ line, cells }) => {
    return { line, code: '', reason: words.wrong.uneven(cells, file.width) };
  });
  const lines = new Map<string, number>();
  for (const { line, cells } of file.rows) {
    const [code, name, parent] = [cells.code.trim(), tidy(cells.name), cells.parent.trim()];
    const level = levelOf(cells.level);
    const earlier = lines.get(code);
    const reason =
      codeProblem(code) ??
      nameProblem(name) ??
      (level === null ? words.wrong.level(tidy(cells.level).slice(0, 20)) : null) ??
      (earlier === undefined ? null : words.wrong.duplicate(earlier));
    lines.set(code, earlier ?? line);
    if (reason !== null) wrong.push({ line, code: code.slice(0, 32), reason });
    else if (level !== null) rows.push({ line, code, name, level, parent: parent || null });
  }
  return { rows, wrong };
}

function levelOf(text: string): OfficeLevel | null {
  const typed = text.trim().toLowerCase();
  return officeLevels.find((level) => words.levels[level].includes(typed)) ?? null;
}

/** What is sent back with the order to apply: a plan that came out otherwise is another one. */
export function planHash(plan: unknown): string {
  return createHash('sha256').update(JSON.stringify(plan)).digest('hex');
}
