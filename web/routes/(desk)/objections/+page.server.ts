import { objectionsOf } from '../../../../store/objections.ts';
import { reading } from '../../../lib/server/desk.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
  const { db, offices } = reading(locals);
  return { objections: await objectionsOf(db, offices), manyOffices: offices?.length !== 1 };
};
