import { z } from 'zod';
import { documentSchema, emptyDocument, type ReleaseDocument } from './release-document.ts';
import { channels, releaseTypes, type Channel, type ReleaseType } from './release-types.ts';

/** Everything that a release holds; frozen into each of its deliveries when it is scheduled. */
export type ReleaseContent = {
  type: ReleaseType;
  title: string;
  summary: string;
  /** The master text. */
  document: ReleaseDocument;
  details: ReleaseDetails;
};

const id = z.number().int().positive();
const ids = z.array(id).max(20);
const short = (most: number) => z.string().trim().max(most);

/** Beside the text: what it is, and for each channel what differs from the master. `null`: as the master has it. */
export const detailsSchema = z.object({
  /** Where the text comes from (ContentSource); '': the office itself. */
  source: short(60).default(''),
  /** Who is named as the author: a department, never a citizen. */
  author: short(30).default(''),
  keywords: z.array(short(20)).max(10).default([]),
  /** Picture of lists and cards. */
  coverId: id.nullable().default(null),
  attachmentIds: ids.default([]),
  /** Written with the help of a generating system: told to readers (《人工智能生成合成内容标识办法》). */
  aiAssisted: z.boolean().default(false),
  /** Of a case: whether it is still handled (no facts, no evidence then), and whether the office above has to agree. */
  caseStage: z.enum(['none', 'pending', 'concluded']).default('none'),
  sensitive: z.boolean().default(false),
  /** Assigned or supervised by the office above. */
  assigned: z.boolean().default(false),
  website: z
    .object({
      on: z.boolean().default(true),
      title: short(120).nullable().default(null),
      column: z.string().default('news'),
    })
    .prefault({}),
  weibo: z
    .object({
      on: z.boolean().default(false),
      /** The status without the link, which the hub puts behind it; null: made from title and summary. */
      text: short(500).nullable().default(null),
      /** One picture: cropped for it, or as it is. */
      imageId: id.nullable().default(null),
      /** Accounts of the office; []: all that are enabled. */
      accountIds: ids.default([]),
    })
    .prefault({}),
  wechat: z
    .object({
      on: z.boolean().default(false),
      title: short(120).nullable().default(null),
      author: short(30).nullable().default(null),
      digest: short(300).nullable().default(null),
      /** A text of its own; null: the master. */
      document: documentSchema.nullable().default(null),
      coverId: id.nullable().default(null),
      /** Shares of the cover that its two forms show: x1, y1, x2, y2. */
      crop235: z.array(z.number().min(0).max(1)).length(4).nullable().default(null),
      crop11: z.array(z.number().min(0).max(1)).length(4).nullable().default(null),
      comments: z.boolean().default(false),
      accountIds: ids.default([]),
    })
    .prefault({}),
});
export type ReleaseDetails = z.infer<typeof detailsSchema>;

export const contentSchema = z.object({
  type: z.enum(releaseTypes),
  title: z.string().trim().max(120),
  summary: z.string().trim().max(500),
  document: documentSchema,
  details: detailsSchema.prefault({}),
});

/** A content with nothing in it but what is given. */
export function contentOf(
  given: Partial<Omit<ReleaseContent, 'details'>> & { details?: unknown } = {},
): ReleaseContent {
  const { type = 'notice', title = '', summary = '', document = emptyDocument, details = {} } = given;
  return { type, title, summary, document, details: detailsSchema.parse(details) };
}

/** The channels that a content is meant for, in the order in which they go out. */
export function chosenChannels({ details }: ReleaseContent): Channel[] {
  return channels.filter((channel) => details[channel].on);
}
