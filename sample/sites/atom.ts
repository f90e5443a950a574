import { escape, isoStamp, paragraphs } from './markup.ts';
import { articlePath, createPortal, type PortalLook } from './portal.ts';
import { numberOf } from '../story/types.ts';
import type { Site, SiteContext } from './site.ts';

const look: PortalLook = {
  site: 'atom',
  name: '云州市人民检察院',
  feedPath: '/atom.xml',
  feedType: 'application/atom+xml; charset=utf-8',
  size: 40,
  prefix: '/jcdt/',
};

/** 云州市人民检察院: the procuratorate's own announcements, as Atom. */
export function createAtomSite(context: SiteContext): Site {
  return createPortal(context, look, (rows) => {
    const entries = rows.map(
      (item) => `<entry>
<id>tag:yunzhou.example,2026:${numberOf(item)}</id>
<title>${escape(item.title ?? '')}</title>
<link rel="alternate" type="text/html" href="${context.origin}${articlePath(look, item)}"/>
<published>${isoStamp(item.at)}</published>
<updated>${isoStamp(item.at)}</updated>
<summary>${escape(item.text.slice(0, 50))}…</summary>
<content type="html">${escape(paragraphs(item.text))}</content>
</entry>`,
    );
    return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">
<id>tag:yunzhou.example,2026:feed</id>
<title>云州市人民检察院</title>
<subtitle>检务动态（示例站点，内容均为虚构）</subtitle>
<link rel="self" href="${context.origin}/atom.xml"/>
<link href="${context.origin}/"/>
<author><name>云州市人民检察院</name></author>
<updated>${isoStamp(rows[0]?.at ?? context.world.start)}</updated>
${entries.join('\n')}
</feed>
`;
  });
}
