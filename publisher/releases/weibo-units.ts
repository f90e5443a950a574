/** The longest status, in units: one Chinese character, or two half-width ones (statuses/share of the open platform). */
export const WEIBO_MOST = 140;

/** Weibo shortens every address to one of twenty half-width characters. */
const ADDRESS_HALVES = 20;
const ADDRESS = /https?:\/\/[!-~]+/gi;

/** How long a status is for Weibo: an address counts 10, and what lies outside Latin-1 counts 1 for each UTF-16 unit. */
export function weiboUnits(text: string): number {
  let halves = 0;
  const rest = text.replace(ADDRESS, () => {
    halves += ADDRESS_HALVES;
    return '';
  });
  for (let place = 0; place < rest.length; place += 1) halves += rest.charCodeAt(place) > 0xff ? 2 : 1;
  return Math.ceil(halves / 2);
}

/** A space and the link to the website's page, which the hub puts behind every status: 21 halves. */
export const WEIBO_LINK_UNITS = 11;

/** The first #topic# of a status: the interface for ordinary applications refuses them. Null: there is none. */
export function weiboTopic(text: string): string | null {
  return /#[^#\n]+#/.exec(text)?.[0] ?? null;
}
