import { writeCsv } from '../../../../../../store/csv.ts';
import { sourceMessages } from '../../../../../lib/messages/sources.ts';
import type { RequestHandler } from './$types';

/** An example of a list, to be filled in. */
export const GET: RequestHandler = () => {
  const { templateRows, templateName } = sourceMessages.import;
  return new Response(writeCsv(templateRows), {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(templateName)}.csv`,
    },
  });
};
