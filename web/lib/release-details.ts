import { releaseTypes } from '../../config/release-types.ts';
import { writingMessages } from './messages/writing.ts';

const words = writingMessages.details;

/** What a setting of a release is called, by its path: `weibo.text`. */
export function detailName(field: string): string {
  return words.names[field] ?? field;
}

/** Its value in words; files and accounts by how many they are. */
export function detailValue(field: string, value: unknown): string {
  if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) return words.none;
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  if (field === 'type') {
    const type = releaseTypes.find((each) => each === value);
    if (type) return writingMessages.types[type];
  }
  if (field === 'caseStage') return words.stages[String(value)] ?? String(value);
  if (/Id$/.test(field)) return words.file(Number(value));
  if (Array.isArray(value)) {
    if (/Ids$/.test(field)) return words.count(value.length);
    if (/\.crop/.test(field)) return words.set;
    return value.map(String).join(words.list);
  }
  return String(value);
}
