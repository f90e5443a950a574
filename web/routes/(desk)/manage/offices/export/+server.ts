import { writeCsv } from '../../../../../../store/csv.ts';
import { allOffices } from '../../../../../../store/offices.ts';
import { manageMessages } from '../../../../../lib/messages/manage.ts';
import { acting } from '../../../../../lib/server/desk.ts';
import { listFile } from '../../../../../lib/server/list-file.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals }) => {
  const desk = acting(locals);
  const { tree, levels } = manageMessages;
  const rows = (await allOffices(desk.db, desk.offices)).map(({ code, name, level, parent, closed }) => {
    return [code, name, levels[level], parent ?? '', closed ? tree.closed : tree.open];
  });
  return listFile(desk, 'office-export', 'offices', rows.length, writeCsv([tree.header, ...rows]));
};
