import { uploadColumns } from '../../config/upload-columns.ts';
import { uploadFields, type UploadField } from '../../config/upload-fields.ts';
import type { UploadMapping } from '../../config/sources/upload.ts';

/** A column of a file. What holds people is never read. */
export type Column = { name: string; people: boolean };

const { fields, people, notPeople, profiles, peopleWords, notPeopleBefore } = uploadColumns;

/** A name without what is around it: brackets and what stands in them, signs, spaces, case, width. */
function bare(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[([{<【〔][^)\]}>】〕]*[)\]}>】〕]/gu, '')
    .replace(/[^\p{L}\p{N}_.]+/gu, '');
}

/** The words of a Latin name: `userName`, `user_name`, `user.name`. */
function wordsOf(name: string): string[] {
  return name
    .normalize('NFKC')
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/**
 * Whether a column holds people: names, telephones, accounts, where they live.
 * @param examples cells of the column; "地址" over web addresses is a column of links
 */
export function holdsPeople(name: string, examples: readonly string[] = []): boolean {
  const plain = bare(name);
  const given = examples.filter((cell) => cell.trim() !== '');
  if (given.length > 0 && given.every((cell) => /^https?:\/\//iu.test(cell.trim()))) {
    // A profile is an address too.
    return (
      profiles.some((part) => plain.includes(part)) ||
      wordsOf(name).some((word) => word !== 'address' && peopleWords.includes(word))
    );
  }
  if (notPeople.includes(plain)) return false;
  if (people.some((part) => plain.includes(part) && !/^[a-z]+$/u.test(part))) return true;
  const words = wordsOf(name);
  return words.some(
    (word, n) =>
      (peopleWords.includes(word) || (people.includes(word) && /^[a-z]+$/u.test(word))) &&
      !notPeopleBefore.includes(words[n - 1] ?? ''),
  );
}

/** Which column is what, told by the names: the very word first, else one that holds it. Each column is one thing only. */
export function guessMapping(columns: readonly Column[]): Partial<UploadMapping> {
  const free = new Map(columns.filter((column) => !column.people).map(({ name }) => [name, bare(name)]));
  const found: Partial<UploadMapping> = {};
  const take = (field: UploadField, fits: (plain: string, word: string) => boolean) => {
    if (found[field] !== undefined) return;
    for (const word of fields[field]) {
      for (const [name, plain] of free) {
        if (!fits(plain, word)) continue;
        found[field] = name;
        free.delete(name);
        return;
      }
    }
  };
  for (const field of uploadFields) take(field, (plain, word) => plain === word);
  // `data.title` is a title too, and so is 标题摘要; a Latin word inside another one says nothing.
  for (const field of uploadFields) {
    take(field, (plain, word) =>
      /^[\w.]+$/u.test(word) ? plain.endsWith(`.${word}`) : word.length > 1 && plain.includes(word),
    );
  }
  return found;
}
