/**
 * p to the points to be ticked, r to the reason of a return, c to a comment about what is selected; j and k walk through the
 * comments. Leaves alone whatever is typed into a field.
 */
export function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const { target, key } = event;
  if (target instanceof HTMLElement && target.closest('input:not([type=checkbox]), textarea, select')) return;
  const go = (element: HTMLElement | null | undefined) => {
    if (!element) return;
    // The key itself would be typed into the field.
    event.preventDefault();
    element.focus();
    element.scrollIntoView({ block: 'nearest' });
  };
  const one = (selector: string) => document.querySelector<HTMLElement>(selector);
  if (key === 'p') go(one('[data-points] input:not(:checked)') ?? one('[data-points] ~ label textarea'));
  if (key === 'r') {
    const back = one('[data-return]') as HTMLDetailsElement | null;
    if (back) back.open = true;
    go(back?.querySelector('textarea'));
  }
  if (key === 'c') go(one('[data-comment-text]'));
  if (key === 'j' || key === 'k') {
    const all = [...document.querySelectorAll<HTMLElement>('[data-comment]')];
    const at = all.findIndex((comment) => comment === document.activeElement);
    go(all[key === 'j' ? at + 1 : Math.max(at - 1, 0)]);
  }
}
