import { error, fail } from '@sveltejs/kit';
import { roles } from '../../../../../config/access/roles.ts';
import {
  countGrants,
  GRANTS_PER_PAGE,
  holderOf,
  listGrants,
  revokeRole,
} from '../../../../../store/role-grants.ts';
import { manageMessages } from '../../../../lib/messages/manage.ts';
import { messages } from '../../../../lib/messages.ts';
import { acting, reading } from '../../../../lib/server/desk.ts';
import { field, orFail } from '../../../../lib/server/form.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
  const { db, offices } = reading(locals);
  const role = roles.find((known) => known === url.searchParams.get('role')) ?? null;
  const asked = Number(url.searchParams.get('page'));
  const page = Number.isInteger(asked) && asked > 0 ? Math.min(asked, 10_000) : 1;
  const [counts, grants] = await Promise.all([countGrants(db, offices), listGrants(db, offices, role, page)]);
  const total = role ? (counts[role] ?? 0) : Object.values(counts).reduce((sum, n) => sum + n, 0);
  return { role, page, counts, grants, total, pages: Math.max(1, Math.ceil(total / GRANTS_PER_PAGE)) };
};

export const actions: Actions = {
  /** Also of people whose own office is out of reach: the role is held in one that is not. */
  revoke: async ({ locals, request }) => {
    const { db, actor } = acting(locals);
    const id = Number(field(await request.formData(), 'grant'));
    if (!Number.isSafeInteger(id) || id < 1) return fail(400, { message: messages.errors.noSuchRequest });
    const holder = await holderOf(db, id);
    if (holder === null) error(404, messages.errors.notFound);
    return orFail(async () => {
      await revokeRole(db, actor, holder, id);
      return { done: manageMessages.grants.revoked };
    });
  },
};
