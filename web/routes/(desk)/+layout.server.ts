import { hub } from '../../lib/server/hub.ts';
import { signedIn } from '../../lib/server/session.ts';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = ({ locals, cookies }) => {
  const { name, email, role, mustChangePassword } = signedIn(locals);
  const { hub: settings } = hub().runtime;
  return {
    person: { name, email, role, mustChangePassword },
    office: settings.office.name,
    sample: settings.sample,
    narrow: cookies.get('jiansheng-nav') === 'narrow',
  };
};
