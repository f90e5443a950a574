import type { BrowserSource } from '../../config/sources.ts';
import { NotGot } from '../errors.ts';
import type { VisitKind } from './contract.ts';
import { visitSite } from './site.ts';

/**
 * A site behind scripts: its list is rendered, its articles are read plainly unless the settings say that they need a
 * browser as well. Everything else is as with any other site.
 */
export const visitBrowser: VisitKind<'browser'> = async (source, tools) => {
  if (!tools.browser) throw new NotGot('browser-absent');
  const { waitFor, more, scroll, renderArticles, ...settings } = source.settings as BrowserSource['settings'];
  return tools.browser.visit(tools.fetcher, tools.readers.list, (rendering) =>
    visitSite(
      { ...source, kind: 'site', settings },
      {
        ...tools,
        readers: {
          list: rendering({ waitFor, more, scroll }),
          linked: renderArticles
            ? rendering({ waitFor: settings.article?.text ?? settings.thread?.item, scroll: 0 })
            : tools.readers.linked,
        },
      },
    ),
  );
};
