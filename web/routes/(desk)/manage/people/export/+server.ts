import { writeCsv } from '../../../../../../store/csv.ts';
import { allPeople } from '../../../../../../store/people-list.ts';
import { manageMessages } from '../../../../../lib/messages/manage.ts';
import { acting } from '../../../../../lib/server/desk.ts';
import { listFile } from '../../../../../lib/server/list-file.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals }) => {
  const desk = acting(locals);
  const { persons } = manageMessages;
  const rows = (await allPeople(desk.db)).map(({ name, email, officeCode, officeName, disabled }) => {
    return [name, email, officeCode, officeName, persons.states[disabled ? 'disabled' : 'active']];
  });
  return listFile(desk, 'person-export', 'people', rows.length, writeCsv([persons.header, ...rows]));
};
