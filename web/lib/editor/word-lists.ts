/** How Word says in a style which list a paragraph belongs to, and how deep. */
const LIST = /mso-list:\s*(\S+)\s+level(\d+)/i;
const MARKER = '[style*="mso-list:Ignore" i], [style*="mso-list: Ignore" i]';
/** Numbers, letters and Chinese numerals; what else stands there is a bullet. */
const NUMBER = /^[（(]?(?:\d+|[a-z]{1,3}|[ivx]+|\p{Script=Han}{1,3})[.．、)）]/iu;

/** Word pastes lists as paragraphs with a typed bullet: neighbours of one list become a list again. */
export function listsOfWord(body: HTMLElement): void {
  for (const first of body.querySelectorAll<HTMLElement>('p, h1, h2, h3, h4, h5, h6')) {
    if (!first.isConnected || !itemOf(first)) continue;
    const items: HTMLElement[] = [first];
    for (let next = first.nextElementSibling; next instanceof HTMLElement && itemOf(next);) {
      items.push(next);
      next = next.nextElementSibling;
    }
    first.before(listOf(items));
    for (const item of items) item.remove();
  }
}

function itemOf(element: HTMLElement): { level: number; ordered: boolean } | null {
  const found = LIST.exec(element.getAttribute('style') ?? '');
  if (!found || found[1] === 'none') return null;
  const marker = element.querySelector(MARKER)?.textContent?.trim() ?? '';
  return { level: Math.min(Number(found[2]), 9), ordered: NUMBER.test(marker) };
}

/** Lists within lists by their levels; a level that was left out is not made up. */
function listOf(items: readonly HTMLElement[]): HTMLElement {
  const document = (items[0] as HTMLElement).ownerDocument;
  const root = document.createElement('div');
  const open: { list: HTMLElement; level: number }[] = [];
  for (const item of items) {
    const { level, ordered } = itemOf(item) ?? { level: 1, ordered: false };
    while (open.length > 0 && (open.at(-1)?.level ?? 0) > level) open.pop();
    let top = open.at(-1);
    if (!top || top.level < level) {
      const list = document.createElement(ordered ? 'ol' : 'ul');
      (top?.list.lastElementChild ?? root).append(list);
      top = { list, level };
      open.push(top);
    }
    item.querySelector(MARKER)?.remove();
    const li = document.createElement('li');
    const paragraph = document.createElement('p');
    paragraph.append(...item.childNodes);
    li.append(paragraph);
    top.list.append(li);
  }
  return root;
}
