import { z } from 'zod';
import { contentOf, type ReleaseContent } from '../../../config/release-content.ts';
import { documentOfText, plainText } from '../../../publisher/releases/plain.ts';
import { messages } from '../messages.ts';

const words = messages.releases;

/** Browsers send line breaks of a text field as CRLF. Lengths are in characters as people count them. */
const text = z
  .string()
  .transform((value) => value.toWellFormed().replaceAll('\0', '').replace(/\r\n?/g, '\n').trim());
const atMost = (most: number, problem: string) =>
  text.refine((value) => [...value].length <= most, { error: problem });

const content = z.object({
  title: atMost(80, words.longTitle)
    .transform((value) => value.replace(/\s+/g, ' '))
    .refine((value) => value !== '', { error: words.needTitle }),
  summary: atMost(300, words.longSummary),
  body: atMost(50_000, words.longBody).refine((value) => value !== '', { error: words.needBody }),
});

const version = z.coerce.number().int().min(1);

/** What a form without the editor holds: `body` is plain text, one paragraph on each line. */
export type ReleaseValues = { title: string; summary: string; body: string };
/** What the editor sent, as typed, with the version that it was opened with: it comes back when something is wrong. */
export type Typed = { values: ReleaseValues; version: number | null };
export type ReleaseForm = { typed: Typed } & ({ content: ReleaseValues } | { problem: string });

/** Reads what the editor sent. */
export function readReleaseForm(sent: FormData): ReleaseForm {
  const field = (name: string) => String(sent.get(name) ?? '');
  const values = { title: field('title'), summary: field('summary'), body: field('body') };
  const typed = { values, version: version.safeParse(sent.get('version')).data ?? null };
  const read = content.safeParse(values);
  if (read.success) return { typed, content: read.data };
  return { typed, problem: read.error.issues[0]?.message ?? words.needBody };
}

/** What is written into the form when a release is opened. */
export function valuesOf({ title, summary, document }: ReleaseContent): ReleaseValues {
  return { title, summary, body: plainText(document) };
}

/** The content with what the form holds put over it. */
export function withValues(content: ReleaseContent, { title, summary, body }: ReleaseValues): ReleaseContent {
  return { ...contentOf(content), title, summary, document: documentOfText(body) };
}

export function sameValues(a: ReleaseValues, b: ReleaseValues): boolean {
  return a.title === b.title && a.summary === b.summary && a.body === b.body;
}
