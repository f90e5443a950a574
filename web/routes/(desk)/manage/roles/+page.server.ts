import { roles } from '../../../../../config/access/roles.ts';
import { countGrants, GRANTS_PER_PAGE, listGrants } from '../../../../../store/role-grants.ts';
import { reading } from '../../../../lib/server/desk.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
  const { db, offices } = reading(locals);
  const role = roles.find((known) => known === url.searchParams.get('role')) ?? null;
  const asked = Number(url.searchParams.get('page'));
  const page = Number.isInteger(asked) && asked > 0 ? Math.min(asked, 10_000) : 1;
  const [counts, grants] = await Promise.all([countGrants(db, offices), listGrants(db, offices, role, page)]);
  const total = role ? (counts[role] ?? 0) : Object.values(counts).reduce((sum, n) => sum + n, 0);
  return { role, page, counts, grants, total, pages: Math.max(1, Math.ceil(total / GRANTS_PER_PAGE)) };
};
