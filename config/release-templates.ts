import { z } from 'zod';
import templatesFile from './defaults/release-templates.json' with { type: 'json' };
import { contentOf, type ReleaseContent } from './release-content.ts';
import type { Block, ReleaseDocument } from './release-document.ts';
import { releaseTypes } from './release-types.ts';

/** A start that every office has. In its lines `## ` begins a heading and `- ` an item of a list; 〔…〕 is to be filled in. */
const shipped = z.strictObject({
  key: z.string().regex(/^[a-z][a-z-]{0,39}$/),
  name: z.string().min(1).max(60),
  type: z.enum(releaseTypes),
  title: z.string().max(120),
  summary: z.string().max(500),
  details: z.record(z.string(), z.unknown()),
  lines: z.array(z.string().min(1)),
});

export type ShippedTemplate = { key: string; name: string; content: ReleaseContent };

/** The starts that every office has, one for each type of release. */
export const shippedTemplates: readonly ShippedTemplate[] = z
  .array(shipped)
  .parse(templatesFile)
  .map(({ key, name, lines, ...content }) => ({
    ...{ key, name },
    content: contentOf({ ...content, document: documentOfLines(lines) }),
  }));

function documentOfLines(lines: readonly string[]): ReleaseDocument {
  const content: Block[] = [];
  const words = (text: string) => [{ type: 'text' as const, text }];
  for (const line of lines) {
    const last = content.at(-1);
    if (line.startsWith('## ')) {
      content.push({ type: 'heading', attrs: { level: 2 }, content: words(line.slice(3)) });
    } else if (line.startsWith('- ')) {
      const item: Block = {
        type: 'listItem',
        content: [{ type: 'paragraph', content: words(line.slice(2)) }],
      };
      if (last?.type === 'bulletList') last.content.push(item);
      else content.push({ type: 'bulletList', content: [item] });
    } else content.push({ type: 'paragraph', content: words(line) });
  }
  return { type: 'doc', content };
}
