import type { Site } from '../../../publisher/site/site.ts';
import { hub } from './hub.ts';

/** How the public pages call themselves. */
export function site(): Site {
  const { hub: settings, address } = hub().runtime;
  const office = settings.office.name;
  const { siteName = office, siteIdCode = null } = settings.web;
  return { name: siteName, office, address, idCode: siteIdCode };
}

/** A minute-old page does no harm, and the server is spared on a day when everybody looks. */
export const PUBLIC_CACHE = 'public, max-age=30';
