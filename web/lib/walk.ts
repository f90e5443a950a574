/**
 * j and k walk through the links of a list that are marked `data-hit`; Enter is the link's own. Leaves alone whatever is
 * typed into a field.
 */
export function walk(event: KeyboardEvent, list: HTMLElement | undefined): void {
  if ((event.key !== 'j' && event.key !== 'k') || event.ctrlKey || event.metaKey || event.altKey) return;
  const { target } = event;
  if (target instanceof HTMLElement && target.closest('input, textarea, select, [role=listbox]')) return;
  const all = [...(list?.querySelectorAll<HTMLAnchorElement>('a[data-hit]') ?? [])];
  // A list is drawn twice, for wide and for narrow screens; one of them is not shown.
  const links = all.filter((link) => link.offsetParent !== null);
  const at = links.findIndex((link) => link === document.activeElement);
  const next = links[event.key === 'j' ? at + 1 : Math.max(at - 1, 0)];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}
