import { z } from 'zod';
import { extractPage } from '../../crawler/extract/article.ts';
import { decodeBody } from '../../crawler/fetch/encoding.ts';
import { messages } from '../messages.ts';
import { check } from './check.ts';

const page = z
  .object({
    url: z.string(),
    html: z.string().optional(),
    base64: z.base64().optional(),
    contentType: z.string().nullish(),
  })
  .refine((given) => (given.html === undefined) !== (given.base64 === undefined), {
    path: ['html'],
    error: messages.tryOneBody,
  });

/** `{url, html}` or `{url, base64, contentType}` → `{title, text, publishedAt, outlet, comments}`, null where not found. */
export function trial(input: unknown): unknown {
  const given = check(page, input);
  const html =
    given.html ?? decodeBody(Buffer.from(given.base64 ?? '', 'base64'), given.contentType ?? null).text;
  const { title, text, publishedAt, outlet, comments } = extractPage(html, given.url, Date.now());
  return {
    title,
    text,
    publishedAt: iso(publishedAt),
    outlet,
    comments: comments.map((comment) => ({ ...comment, publishedAt: iso(comment.publishedAt) })),
  };
}

function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
