import { Refused } from '../config/errors.ts';
import { chromium as findProgram } from './engines/chromium.ts';
import { messages } from './messages.ts';

const START_MS = 30_000;
const PRINT_MS = 30_000;

/** Printing takes some 200 MB while it lasts: one after the other. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Prints a document of our own on A4 by a Chromium that is started for it and ended after it. Nothing in it is run, and it
 * reaches no network.
 * @throws Refused `pdf-browser-absent` when no Chromium can be started, `pdf-failed` when it does not print in time
 */
export function printPdf(html: string): Promise<Buffer> {
  const printed = last.then(() => print(html));
  last = printed.catch(() => {});
  return printed;
}

async function print(html: string): Promise<Buffer> {
  const browser = await start().catch((cause: unknown) => {
    throw new Refused('pdf-browser-absent', messages.pdf.absent, { cause });
  });
  try {
    const context = await browser.newContext({ javaScriptEnabled: false, offline: true });
    context.setDefaultTimeout(PRINT_MS);
    const page = await context.newPage();
    await page.setContent(html);
    return await page.pdf({
      format: 'A4',
      margin: { top: '25mm', bottom: '22mm', left: '22mm', right: '22mm' },
      displayHeaderFooter: true,
      headerTemplate: '<span></span>',
      footerTemplate:
        '<div style="width:100%;text-align:center;font-size:9pt"><span class="pageNumber"></span> / <span class="totalPages"></span></div>',
    });
  } catch (cause) {
    throw new Refused('pdf-failed', messages.pdf.failed, { cause });
  } finally {
    await browser.close();
  }
}

async function start() {
  const { path, args, env } = await findProgram();
  const { chromium } = await import('playwright');
  return chromium.launch({
    ...{ executablePath: path, args, timeout: START_MS },
    ...(Object.keys(env).length > 0 && { env }),
    ...{ handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false },
  });
}
