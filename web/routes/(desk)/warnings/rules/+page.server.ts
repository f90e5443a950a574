import { ruleSentence } from '../../../../../indexer/warnings/rule-words.ts';
import { listRules } from '../../../../../store/warning-rules.ts';
import { may, reading } from '../../../../lib/server/desk.ts';
import { chosenOffice } from '../../../../lib/server/office-view.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
  const desk = reading(locals);
  const params = url.searchParams;
  const { view } = await chosenOffice(desk, params);
  // Every office below has the same rules once more: whose they are is chosen, the own office at first.
  const office = view?.office.id ?? desk.office;
  const archived = params.get('archived') === '1';
  const rules = await listRules(desk.db, [office], archived);
  return {
    ...{ view, office, archived },
    rules: rules.map(({ rule, ...row }) => ({ ...row, sentence: ruleSentence(rule) })),
    mayWrite: may(desk.person, 'warning-rule-write'),
  };
};
