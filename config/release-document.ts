import { z } from 'zod';

/**
 * A text as the editor writes it: the JSON of ProseMirror, as far as the hub knows its nodes. What is none of these is refused,
 * so that nothing that was not meant to be there can reach a page or a platform.
 */
export type Mark = { type: 'bold' | 'italic' | 'underline' } | { type: 'link'; attrs: { href: string } };
export type Inline = { type: 'text'; text: string; marks?: Mark[] } | { type: 'hardBreak' };
export type Block =
  | { type: 'paragraph'; attrs?: { textAlign?: Align | null }; content?: Inline[] }
  | { type: 'heading'; attrs: { level: 2 | 3 | 4; textAlign?: Align | null }; content?: Inline[] }
  | { type: 'bulletList' | 'blockquote'; content: Block[] }
  | { type: 'orderedList'; attrs?: { start?: number }; content: Block[] }
  | { type: 'listItem'; content: Block[] }
  | { type: 'horizontalRule' }
  | { type: 'image'; attrs: { mediaId: number; alt: string; caption: string } }
  /** `captionsId`: a WebVTT file; null: none yet, which a check asks for. */
  | { type: 'video'; attrs: { mediaId: number; title: string; captionsId: number | null } }
  /** `transcript`: what is said, for those who cannot hear it. */
  | { type: 'audio'; attrs: { mediaId: number; title: string; transcript: string } }
  | { type: 'table'; content: Row[] };
export type Row = { type: 'tableRow'; content: Cell[] };
export type Cell = {
  type: 'tableCell' | 'tableHeader';
  attrs?: { colspan?: number; rowspan?: number };
  content: Block[];
};
export type Align = 'left' | 'center' | 'right';
export type ReleaseDocument = { type: 'doc'; content: Block[] };

export const emptyDocument: ReleaseDocument = { type: 'doc', content: [] };

/** Where a link may lead: addresses of the web, mail, telephone, and pages of the site itself; no other scheme, nor another host by `//`. */
export function mayLead(href: string): boolean {
  return /^(?:https?:\/\/|mailto:|tel:|\/(?![/\\]))[^\0-\x1f]*$/i.test(href);
}

const href = z
  .string()
  .max(2_000)
  .refine((value) => mayLead(value));
const text = (most: number) => z.string().max(most);
const align = z.object({ textAlign: z.enum(['left', 'center', 'right']).nullish() });
const id = z.number().int().positive();

const mark = z.union([
  z.object({ type: z.enum(['bold', 'italic', 'underline']) }),
  z.object({ type: z.literal('link'), attrs: z.object({ href }) }),
]);
const inline = z.union([
  z.object({ type: z.literal('text'), text: z.string().min(1).max(60_000), marks: z.array(mark).optional() }),
  z.object({ type: z.literal('hardBreak') }),
]);
const block: z.ZodType<Block> = z.lazy(() =>
  z.discriminatedUnion('type', [
    z.object({ type: z.literal('paragraph'), attrs: align.optional(), content: z.array(inline).optional() }),
    z.object({
      type: z.literal('heading'),
      attrs: align.extend({ level: z.union([z.literal(2), z.literal(3), z.literal(4)]) }),
      content: z.array(inline).optional(),
    }),
    z.object({ type: z.enum(['bulletList', 'blockquote']), content: z.array(block) }),
    z.object({
      type: z.literal('orderedList'),
      attrs: z.object({ start: z.number().int().min(0).max(9_999).optional() }).optional(),
      content: z.array(block),
    }),
    z.object({ type: z.literal('listItem'), content: z.array(block) }),
    z.object({ type: z.literal('horizontalRule') }),
    z.object({
      type: z.literal('image'),
      attrs: z.object({ mediaId: id, alt: text(200).default(''), caption: text(200).default('') }),
    }),
    z.object({
      type: z.literal('video'),
      attrs: z.object({ mediaId: id, title: text(120).default(''), captionsId: id.nullable().default(null) }),
    }),
    z.object({
      type: z.literal('audio'),
      attrs: z.object({ mediaId: id, title: text(120).default(''), transcript: text(20_000).default('') }),
    }),
    z.object({ type: z.literal('table'), content: z.array(row) }),
  ]),
);
const cell = z.object({
  type: z.enum(['tableCell', 'tableHeader']),
  attrs: z
    .object({
      colspan: z.number().int().min(1).max(20).optional(),
      rowspan: z.number().int().min(1).max(200).optional(),
    })
    .optional(),
  content: z.array(block),
});
const row: z.ZodType<Row> = z.lazy(() => z.object({ type: z.literal('tableRow'), content: z.array(cell) }));

export const documentSchema: z.ZodType<ReleaseDocument> = z.object({
  type: z.literal('doc'),
  content: z.array(block).max(2_000),
});
