import { diffArrays } from 'diff';
import type { ReleaseContent } from '../../config/release-content.ts';
import type { Block, ReleaseDocument } from '../../config/release-document.ts';
import { leavesOf } from './plain.ts';

/** A stretch of words that both versions have, or one of them. */
export type Piece = { kind: 'same' | 'added' | 'removed'; text: string };
/** Paragraphs, headings and captions, as they follow each other; `block` is what the line stands in, in the later version. */
export type LineDiff =
  | { kind: 'same' | 'added' | 'removed'; block: Block['type']; text: string }
  /** `was`: it stood in another kind of block before, with these words or others. */
  | { kind: 'changed'; block: Block['type']; was: Block['type']; pieces: Piece[] };

export type DetailChange = { field: string; before: unknown; after: unknown };

/** What one version has that another has not, part by part; a part that is the same in both is not in it. */
export type ContentDiff = {
  title: Piece[] | null;
  summary: Piece[] | null;
  document: LineDiff[] | null;
  /** The own text for WeChat; in a version that has none, the master's stands for it. */
  wechat: LineDiff[] | null;
  /** Type, keywords, cover, channels, texts for channels …, by their path: `weibo.text`. */
  details: DetailChange[];
  /** Characters of title, summary and text. */
  added: number;
  removed: number;
  /** Nothing but formatting or pictures differs in the text. */
  formatOnly: boolean;
};

export function diffContents(before: ReleaseContent, after: ReleaseContent): ContentDiff {
  const title = before.title === after.title ? null : diffWords(before.title, after.title);
  const summary = before.summary === after.summary ? null : diffWords(before.summary, after.summary);
  const document = changedLines(before.document, after.document);
  const own = (content: ReleaseContent) => content.details.wechat.document ?? content.document;
  const hasOwn = before.details.wechat.document !== null || after.details.wechat.document !== null;
  const pieces = [...(title ?? []), ...(summary ?? []), ...(document ?? []).flatMap(piecesOf)];
  const count = (kind: Piece['kind']) =>
    pieces.reduce((sum, piece) => sum + (piece.kind === kind ? piece.text.length : 0), 0);
  const sameDocument = JSON.stringify(before.document) === JSON.stringify(after.document);
  return {
    ...{ title, summary, document },
    wechat: hasOwn ? changedLines(own(before), own(after)) : null,
    details: detailChanges(before, after),
    ...{ added: count('added'), removed: count('removed') },
    formatOnly: document === null && !sameDocument,
  };
}

function piecesOf(line: LineDiff): Piece[] {
  return line.kind === 'changed' ? line.pieces : [{ kind: line.kind, text: line.text }];
}

type Line = { block: Block['type']; text: string };

function linesOf(document: ReleaseDocument): Line[] {
  return leavesOf(document).map(({ path, text }) => ({ block: blockAt(document, path), text }));
}

/** The kind of block that a line stands in: of a paragraph in a list, the list's. */
function blockAt(document: ReleaseDocument, path: readonly number[]): Block['type'] {
  let found: Block['type'] = 'paragraph';
  let content: readonly { type: string; content?: unknown }[] = document.content;
  for (const place of path) {
    const block = content[place];
    if (!block) break;
    const type = block.type as Block['type'];
    if (type !== 'paragraph' && !['tableRow', 'tableCell', 'tableHeader', 'listItem'].includes(type))
      found = type;
    content = (block.content ?? []) as typeof content;
  }
  return found;
}

function changedLines(before: ReleaseDocument, after: ReleaseDocument): LineDiff[] | null {
  const lines = diffLines(linesOf(before), linesOf(after));
  return lines.every(({ kind }) => kind === 'same') ? null : lines;
}

/** More steps than this from one text to the other: they have little in common, and looking for it takes long. */
const LINES_MOST = 1_500;
const WORDS_MOST = 1_500;

/**
 * The lines of two texts side by side: first whole lines are matched, then lines that were changed are paired with what they
 * were and compared word by word.
 */
export function diffLines(before: readonly Line[], after: readonly Line[]): LineDiff[] {
  const key = ({ block, text }: Line) => `${block}\n${text}`;
  const steps = diffArrays(before.map(key), after.map(key), { maxEditLength: LINES_MOST });
  if (!steps)
    return [...before.map((line) => whole('removed', line)), ...after.map((line) => whole('added', line))];
  const result: LineDiff[] = [];
  let [old, now] = [0, 0];
  let gone: Line[] = [];
  const flush = (come: readonly Line[]) => {
    result.push(...paired(gone, come));
    gone = [];
  };
  for (const { value, added, removed } of steps) {
    if (removed) {
      gone = before.slice(old, old + value.length);
      old += value.length;
    } else if (added) {
      flush(after.slice(now, now + value.length));
      now += value.length;
    } else {
      flush([]);
      result.push(...after.slice(now, now + value.length).map((line) => whole('same', line)));
      old += value.length;
      now += value.length;
    }
  }
  flush([]);
  return result;
}

const whole = (kind: 'same' | 'added' | 'removed', { block, text }: Line): LineDiff => ({
  kind,
  block,
  text,
});

/** Below this share of common characters, two lines are not one that was changed. */
const ALIKE = 0.4;

/** Lines that went and lines that came in their place: each is the one before it, changed, when they are alike enough. */
function paired(gone: readonly Line[], come: readonly Line[]): LineDiff[] {
  const result: LineDiff[] = [];
  let from = 0;
  for (const line of come) {
    const found = gone.slice(from, from + 20).findIndex((old) => alike(old.text, line.text) >= ALIKE);
    if (found < 0) {
      result.push(whole('added', line));
      continue;
    }
    const old = gone[from + found] as Line;
    result.push(...gone.slice(from, from + found).map((each) => whole('removed', each)));
    result.push({
      kind: 'changed',
      block: line.block,
      was: old.block,
      pieces: diffWords(old.text, line.text),
    });
    from += found + 1;
  }
  result.push(...gone.slice(from).map((each) => whole('removed', each)));
  return result;
}

/** The share of character pairs that two texts have in common (Dice's coefficient), 0 to 1. */
function alike(a: string, b: string): number {
  if (a === b) return 1;
  const pairs = new Map<string, number>();
  for (let at = 0; at + 1 < a.length; at += 1)
    pairs.set(a.slice(at, at + 2), (pairs.get(a.slice(at, at + 2)) ?? 0) + 1);
  let common = 0;
  for (let at = 0; at + 1 < b.length; at += 1) {
    const left = pairs.get(b.slice(at, at + 2)) ?? 0;
    if (left === 0) continue;
    pairs.set(b.slice(at, at + 2), left - 1);
    common += 1;
  }
  const all = Math.max(0, a.length - 1) + Math.max(0, b.length - 1);
  return all === 0 ? 0 : (2 * common) / all;
}

let segmenter: Intl.Segmenter | null = null;

/** Two texts word by word. What they have in common within a word that was changed is not looked for: it reads badly. */
export function diffWords(before: string, after: string): Piece[] {
  segmenter ??= new Intl.Segmenter('zh', { granularity: 'word' });
  const words = (text: string) =>
    Array.from((segmenter as Intl.Segmenter).segment(text), ({ segment }) => segment);
  const steps = diffArrays(words(before), words(after), { maxEditLength: WORDS_MOST });
  if (!steps)
    return pieces([
      ['removed', before],
      ['added', after],
    ]);
  return pieces(
    steps.map(({ value, added, removed }) => [
      added ? 'added' : removed ? 'removed' : 'same',
      value.join(''),
    ]),
  );
}

function pieces(found: readonly (readonly [Piece['kind'], string])[]): Piece[] {
  return found.filter(([, text]) => text !== '').map(([kind, text]) => ({ kind, text }));
}

/** Fields outside the text that differ; documents are compared by their lines. */
function detailChanges(before: ReleaseContent, after: ReleaseContent): DetailChange[] {
  const [was, is] = [fieldsOf(before), fieldsOf(after)];
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((field) => JSON.stringify(was.get(field)) !== JSON.stringify(is.get(field)))
    .map((field) => ({ field, before: was.get(field) ?? null, after: is.get(field) ?? null }));
}

function fieldsOf({ type, details }: ReleaseContent): Map<string, unknown> {
  const fields = new Map<string, unknown>([['type', type]]);
  for (const [name, value] of Object.entries(details)) {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) fields.set(name, value);
    else
      for (const [inner, given] of Object.entries(value)) {
        if (inner === 'document') fields.set(`${name}.document`, given !== null);
        else fields.set(`${name}.${inner}`, given);
      }
  }
  return fields;
}
