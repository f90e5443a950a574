const MOST = 2_147_483_647;

/** A count as lists write it: `1,234`, `1.2万`, `37件`. Null for what is none, or larger than the database counts. */
export function readCount(text: string): number | null {
  const found = /^(\d{1,12}(?:\.\d{1,6})?)([万萬w]?)\+?[件次条條个個]?$/iu.exec(
    text.replace(/[,，\s]/gu, ''),
  );
  if (!found) return null;
  const count = Math.round(Number(found[1]) * (found[2] ? 10_000 : 1));
  return count <= MOST ? count : null;
}
