import { deflateSync, crc32 } from 'node:zlib';
import type { Locator, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { editorMessages as words } from '../../web/lib/messages/editor.ts';
import { fillSignIn, firstSignIn, NEW_PASSWORD, OFFICER, PATIENCE_MS } from '../support/browser.ts';
import { startDesk, type TestDesk } from '../support/desk.ts';
import { zip } from '../support/workbook.ts';

let desk: TestDesk;
let page: Page;

beforeAll(async () => {
  desk = await startDesk();
  ({ page } = desk);
  await firstSignIn(page, desk.hub);
}, 180_000);
afterAll(() => desk?.stop());

/** A picture of one colour. */
function picture(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const head = Buffer.alloc(4);
    head.writeUInt32BE(data.length);
    const check = Buffer.alloc(4);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([head, body, check]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const rows = Buffer.alloc((width + 1) * height, 0x7f);
  for (let row = 0; row < height; row += 1) rows[row * (width + 1)] = 0;
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const parts = [chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([signature, ...parts]);
}

const text = (at = page): Locator => at.locator('#panel-master .ProseMirror');
/** Saves what stands there, also what was typed or pasted just now. */
async function saved(at = page): Promise<void> {
  await at.keyboard.press('Control+s');
  await at.locator('[data-save="saved"]').waitFor();
}

/** Begins a release and waits for its editor. */
async function begin(title: string): Promise<string> {
  await desk.go('/releases/new');
  await page.getByLabel(words.new.titleField, { exact: true }).fill(title);
  await page.getByRole('button', { name: words.new.create }).click();
  await page.waitForURL(/\/releases\/\d+$/);
  await text().waitFor();
  return new URL(page.url()).pathname;
}

async function open(path: string, at = page): Promise<void> {
  await desk.go(path, at);
  await text(at).waitFor();
}

async function upload(button: Locator, file: { name: string; mimeType: string; buffer: Buffer }) {
  const choosing = page.waitForEvent('filechooser');
  await button.click();
  await (await choosing).setFiles(file);
}

/** Pastes as programs do: the HTML with the text beside it. */
function paste(html: string, plain = html.replace(/<[^>]*>/g, '')): Promise<void> {
  return text().evaluate(
    (element, [html, plain]) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/html', html ?? '');
      clipboardData.setData('text/plain', plain ?? '');
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    },
    [html, plain],
  );
}

test('what is written is saved by itself and stands there when the release is opened again', async () => {
  const path = await begin('云州检察开放日');
  await text().click();
  await page.keyboard.type('三十余名群众代表走进检察机关。');
  await page.keyboard.press('Enter');
  await page.getByLabel(words.tools.style).selectOption('2');
  await page.keyboard.type('走进办案场所');
  await page.locator('[data-save="waiting"]').waitFor();
  await page.locator('[data-save="saved"]').waitFor();
  await open(path);
  expect(await text().locator('p').first().innerText()).toBe('三十余名群众代表走进检察机关。');
  expect(await text().locator('h2').innerText()).toBe('走进办案场所');
}, 120_000);

test('a picture is put into the text, and cut for the website and for both forms of WeChat', async () => {
  const path = await begin('云州检察机关走进校园');
  await text().click();
  const tool = page.getByRole('button', { name: words.tools.image });
  await upload(tool, { name: '校园.png', mimeType: 'image/png', buffer: picture(900, 600) });
  await text().locator('figure img').waitFor();
  await page.getByLabel(words.media.alt).fill('学生在操场上');

  await page.getByRole('tab', { name: words.tabs.website }).click();
  await page.getByRole('button', { name: words.channels.choose }).click();
  await page.getByRole('dialog').getByRole('button', { name: '校园.png' }).click();
  await page.getByRole('button', { name: words.channels.crop, exact: true }).click();
  await page.getByRole('group', { name: words.crop.box }).press('ArrowDown');
  await page.getByRole('button', { name: words.crop.set }).click();
  await page.getByRole('button', { name: words.channels.recrop }).waitFor();
  const cut = page.locator('#panel-website').getByRole('img');
  expect(
    await cut.evaluate((image: HTMLImageElement) =>
      image.decode().then(() => [image.naturalWidth, image.naturalHeight]),
    ),
  ).toEqual([900, 506]);

  await page.getByRole('tab', { name: words.tabs.wechat }).click();
  await page.getByLabel(words.channels.on.wechat).check();
  await page.getByRole('button', { name: words.channels.crop, exact: true }).first().click();
  await page.getByRole('button', { name: words.crop.set }).click();
  await page.getByText(words.channels.cropped, { exact: true }).waitFor();
  await saved();

  await open(path);
  expect(await page.getByLabel(words.media.alt).inputValue()).toBe('学生在操场上');
  await page.getByRole('tab', { name: words.tabs.wechat }).click();
  await page.getByText(words.channels.cropped, { exact: true }).waitFor();
}, 120_000);

test('what differs on a channel is named, and goes back to the master with one click', async () => {
  await begin('云州市人民检察院发布工作动态');
  await page.getByRole('tab', { name: words.tabs.weibo }).click();
  await page.getByLabel(words.channels.on.weibo).check();
  const own = page.getByLabel(words.channels.weiboText);
  expect(await own.inputValue()).toBe('【云州市人民检察院发布工作动态】');
  await own.fill('云'.repeat(200));
  await page.locator('[data-limit="weibo-text"][data-state="over"]').waitFor();
  await page.getByText(words.channels.differs([words.channels.differences.text])).waitFor();
  await page.getByRole('button', { name: words.channels.back, exact: true }).click();
  await page.getByText(words.channels.same).waitFor();
  expect(await own.inputValue()).toBe('【云州市人民检察院发布工作动态】');
}, 60_000);

test('what is pasted from Word keeps its lists and words and loses everything else', async () => {
  const path = await begin('云州检察粘贴');
  await text().click();
  const item = (marker: string, words: string) =>
    `<p class=MsoListParagraph style='margin-left:21.0pt;text-indent:-21.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>${marker}<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;</span></span><![endif]>${words}<o:p></o:p></p>`;
  await paste(
    `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p{color:red}</style></head><body lang=ZH-CN><!--StartFragment--><h1 style='mso-outline-level:1'>工作情况</h1><p class=MsoNormal style='text-indent:28.0pt'><b><span style='font-family:仿宋;color:red'>第一季度</span></b><span style="font-weight:bold">办理案件</span></p>${item('1、', '公益诉讼')}${item('2、', '未成年人保护')}<p>见<a href="javascript:alert(1)">这里</a>和<a href="https://yunzhou.example/">网站</a></p><img src="https://tracker.example/p.gif" width="1" height="1"><img src="file:///C:/a.png" width="300"><!--EndFragment--></body></html>`,
  );
  expect(await text().locator('h2').innerText()).toBe('工作情况');
  expect(await text().locator('ol > li').allInnerTexts()).toEqual(['公益诉讼', '未成年人保护']);
  expect(await text().locator('strong').allInnerTexts()).toEqual(['第一季度办理案件']);
  expect(await text().locator('a').allInnerTexts()).toEqual(['网站']);
  expect(await text().locator('[style], [class*="Mso"], img').count()).toBe(0);
  // The pixel that counts readers is not worth a word; the picture is.
  await page.getByText(words.left.images(1)).waitFor();
  await saved();
  await open(path);
  expect(await text().locator('ol > li').count()).toBe(2);
}, 60_000);

/** A document of Word: a title, a heading, a paragraph with bold words and a picture. */
function docx(): Buffer {
  const w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
  const r = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"';
  const styled = (style: string, words: string) =>
    `<w:p><w:pPr><w:pStyle w:val="${style}"/></w:pPr><w:r><w:t>${words}</w:t></w:r></w:p>`;
  const drawing = `<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"><wp:docPr id="1" name="p"/><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData><pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill><a:blip r:embed="rId9"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>`;
  const names = [
    ['Title', 'Title'],
    ['1', 'heading 1'],
  ];
  const styles = names.map(
    ([id, name]) => `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/></w:style>`,
  );
  const relations = 'http://schemas.openxmlformats.org/package/2006/relationships';
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  return zip({
    '[Content_Types].xml': `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="png" ContentType="image/png"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
    '_rels/.rels': `<Relationships xmlns="${relations}"><Relationship Id="rId1" Type="${office}/officeDocument" Target="word/document.xml"/></Relationships>`,
    'word/_rels/document.xml.rels': `<Relationships xmlns="${relations}"><Relationship Id="rId8" Type="${office}/styles" Target="styles.xml"/><Relationship Id="rId9" Type="${office}/image" Target="media/p.png"/></Relationships>`,
    'word/styles.xml': `<w:styles ${w}>${styles.join('')}</w:styles>`,
    'word/media/p.png': picture(60, 40),
    'word/document.xml': `<w:document ${w} ${r}><w:body>${styled('Title', '云州检察工作通报')}${styled('1', '基本情况')}<w:p><w:r><w:t>共办理</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>十二件</w:t></w:r></w:p>${drawing}</w:body></w:document>`,
  });
}

test('a document of Word begins a release, with its title, headings, bold words and pictures', async () => {
  await desk.go('/releases/new');
  const chooser = page.getByRole('button', { name: words.new.docx });
  const mimeType = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
  await upload(chooser, { name: '通报.docx', mimeType, buffer: docx() });
  await page.getByRole('button', { name: words.new.create }).click();
  await page.getByText(words.import.done('通报.docx')).waitFor();
  expect(await page.getByLabel(words.fields.title, { exact: true }).first().inputValue()).toBe(
    '云州检察工作通报',
  );
  expect(await text().locator('h2').innerText()).toBe('基本情况');
  expect(await text().locator('strong').innerText()).toBe('十二件');
  await text().locator('figure img').waitFor();
  await saved();
}, 60_000);

test('what is no document of Word is refused in words', async () => {
  await begin('云州检察导入');
  const tool = page.getByRole('button', { name: words.tools.docx });
  await upload(tool, { name: '坏.docx', mimeType: 'application/zip', buffer: Buffer.from('not a zip') });
  await page.getByText(words.import.broken).waitFor();
}, 60_000);

test('who else writes is told; whoever comes second keeps their text as a release or takes what stands', async () => {
  const path = await begin('云州检察两人');
  const other = await desk.newPage();
  await other.goto(`${desk.hub.address}/sign-in`);
  await fillSignIn(other, OFFICER, NEW_PASSWORD);
  await other.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
  // The sample has one press officer: who else is there is answered as for two.
  await other.route('**/presence', (route) =>
    route.fulfill({ json: { others: [{ name: '宣传岗二', wrote: true }], version: 1 } }),
  );
  await open(path, other);
  await other.getByText(words.presence.writing('宣传岗二')).waitFor();

  await text().click();
  await page.keyboard.type('先保存的文字。');
  await saved();
  await text(other).click();
  await other.keyboard.type('后保存的文字。');
  await other.getByText(words.conflict.title).waitFor({ timeout: PATIENCE_MS });
  expect(await text(other).innerText()).toContain('后保存的文字。');

  await other.getByRole('button', { name: words.conflict.mine }).click();
  await other.waitForURL((url) => url.pathname !== path);
  await text(other).getByText('后保存的文字。').waitFor();

  await open(path, other);
  await text(other).getByText('先保存的文字。').waitFor();
  await text(other).click();
  await other.keyboard.press('Control+End');
  await other.keyboard.type('再写一句。');
  await saved(other);
  await text().click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('又一句。');
  await page.getByRole('button', { name: words.conflict.theirs }).click();
  await text().getByText('再写一句。').waitFor();
  expect(await text().innerText()).not.toContain('又一句。');
  await page.keyboard.press('Control+z');
  await other.close();
}, 120_000);

test('who has written nothing yet is told of a newer version, and goes on from it', async () => {
  const path = await begin('云州检察新版本');
  const colleague = await desk.context.newPage();
  await open(path, colleague);
  await text(colleague).click();
  await colleague.keyboard.type('同事写的文字。');
  await saved(colleague);
  await page.getByText(words.conflict.newer).waitFor();
  await page.getByRole('button', { name: words.conflict.load }).click();
  await text().getByText('同事写的文字。').waitFor();
  await text().click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('接着写。');
  await saved();
  await colleague.close();
}, 120_000);

test('while the hub does not answer, what is written stays and is told; then it is saved', async () => {
  const path = await begin('云州检察断线');
  await page.route('**/draft', (route) => route.abort());
  await text().click();
  await page.keyboard.type('断线时写的文字。');
  await page.getByText(words.save.offline).waitFor();
  await page.unroute('**/draft');
  await page.getByRole('button', { name: words.save.retry }).click();
  await saved();
  await open(path);
  expect(await text().innerText()).toContain('断线时写的文字。');
  expect(desk.thrown).toEqual([]);
}, 120_000);
