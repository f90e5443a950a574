import { hub } from './hub.ts';

export type Site = { name: string; office: string; address: string };

/** How the public pages call themselves. */
export function site(): Site {
  const { hub: settings, address } = hub().runtime;
  const office = settings.office.name;
  return { name: settings.web.siteName ?? office, office, address };
}

/** A minute-old page does no harm, and the server is spared on a day when everybody looks. */
export const PUBLIC_CACHE = 'public, max-age=30';
