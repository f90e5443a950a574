import { crc32, deflateSync } from 'node:zlib';
import type { Locator, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkMessages as checks } from '../../web/lib/messages/checks.ts';
import { editorMessages as editor } from '../../web/lib/messages/editor.ts';
import { releaseReviewMessages as reviews } from '../../web/lib/messages/release-reviews.ts';
import { scheduleMessages as words } from '../../web/lib/messages/schedule.ts';
import { messages } from '../../web/lib/messages.ts';
import { firstSignIn, hydrated, PATIENCE_MS } from '../support/browser.ts';
import { startDesk, type TestDesk } from '../support/desk.ts';

/** One release in a real browser: written, refused by a check, mended, reviewed by three people, published on three channels, taken back. */
const TITLE = '云州检察开放日邀请群众走进检察院';
const BODY =
  '11月20日上午，云州市人民检察院举办检察开放日活动，三十余名群众代表到云州市人民检察院参观，了解检察机关的职能。';
const PHONE = '13812345678';

let desk: TestDesk;
let page: Page;
let path: string;
let reviewers: Page[];
let [site, weibo, wechat] = ['', '', ''];

beforeAll(async () => {
  desk = await startDesk();
  ({ page } = desk);
  await firstSignIn(page, desk.hub);
  reviewers = [];
  for (const who of ['first', 'second', 'final']) {
    const at = await desk.newPage();
    await firstSignIn(at, desk.hub, `${who}@jiansheng.local`);
    reviewers.push(at);
  }
}, 300_000);
afterAll(() => desk?.stop());

const eventually = <T>(read: () => Promise<T>) => expect.poll(read, { timeout: PATIENCE_MS });
const read = async (address: string) => (await fetch(address)).text();
const saved = () => page.locator('[data-save="saved"]').waitFor();

/** A picture of one colour, as large as a cover has to be. */
function picture(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const numbers = [data.length, crc32(body)].map((value) => {
      const four = Buffer.alloc(4);
      four.writeUInt32BE(value);
      return four;
    });
    return Buffer.concat([numbers[0] as Buffer, body, numbers[1] as Buffer]);
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

async function upload(button: Locator): Promise<void> {
  const choosing = page.waitForEvent('filechooser');
  await button.click();
  await (await choosing).setFiles({ name: '开放日.png', mimeType: 'image/png', buffer: picture(1200, 800) });
}

async function write(text: string): Promise<void> {
  const field = page.locator('#panel-master .ProseMirror');
  await field.waitFor();
  await field.click();
  await page.keyboard.press('Control+A');
  await page.keyboard.type(text);
  await saved();
}

async function check(): Promise<void> {
  await desk.go(`${path}/checks`);
  await page.locator('form[action="?/run"] button').click();
  await page.getByText(checks.done).waitFor();
}

const delivery = (channel: string) => page.locator(`[data-delivery="${channel}"]`);
const states = () =>
  page.locator('[data-delivery]').evaluateAll((all) => all.map((each) => each.getAttribute('data-state')));

test('is written for three channels', async () => {
  await desk.go('/releases/new');
  await page.getByLabel(editor.new.titleField, { exact: true }).fill(TITLE);
  await page.locator('input[name="type"][value="open-day"]').check();
  await page.getByRole('button', { name: editor.new.create }).click();
  await page.waitForURL(/\/releases\/\d+$/);
  await hydrated(page);
  path = new URL(page.url()).pathname;
  await write(`${BODY}咨询请拨打 ${PHONE} 联系。`);
  for (const channel of ['weibo', 'wechat'] as const) {
    await page.locator(`#tab-${channel}`).click();
    await page.getByLabel(editor.channels.on[channel]).check();
  }
  await page.locator('#panel-wechat').getByRole('button', { name: editor.channels.choose }).click();
  await upload(page.getByRole('dialog').getByRole('button', { name: editor.channels.upload }));
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await saved();
});

test('is not let into review while a check blocks, which shows the place', async () => {
  await check();
  await page.locator('mark', { hasText: PHONE }).first().waitFor();
  await desk.go(`${path}/review`);
  await page.locator('form[action="?/submit"] button').click();
  await page.getByRole('link', { name: reviews.start.toChecks }).waitFor();
});

test('is let into review once it is mended and looked through for secrets', async () => {
  await desk.go(path);
  await write(BODY);
  await check();
  const items = page.locator('form[action="?/secrecy"] input[type="checkbox"]');
  for (const item of await items.all()) await item.check();
  await page.getByRole('button', { name: checks.secrecy.confirm }).click();
  await page.getByText(checks.secrecy.done).waitFor();
  await desk.go(`${path}/review`);
  await page.locator('form[action="?/submit"] button').click();
  await page.getByText(reviews.start.done).waitFor();
});

test('is passed by three different people, each with the points of their stage', async () => {
  for (const at of reviewers) {
    await desk.go('/releases/reviews', at);
    await at.getByRole('link', { name: TITLE }).first().waitFor();
    await desk.go(`${path}/review`, at);
    const pass = at.locator('form[action="?/pass"]');
    for (const point of await pass.locator('[data-points] input').all()) await point.check();
    await pass.locator('button').last().click();
    await at.getByText(reviews.decide.passed).or(at.getByText(reviews.decide.approved)).waitFor();
  }
});

test('is scheduled, and goes out on the website and at both platforms', async () => {
  await desk.go(`${path}/schedule`);
  await page.getByRole('button', { name: words.submit }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: words.confirm, exact: true }).click();
  await eventually(states).toEqual(['published', 'published', 'published']);
  const address = async (channel: string) =>
    new URL((await delivery(channel).getByRole('link').first().getAttribute('href')) ?? '', page.url()).href;
  [site, weibo, wechat] = [await address('website'), await address('weibo'), await address('wechat')];
  expect(await read(site)).toContain('三十余名群众代表');
  expect(await read(weibo)).toContain(TITLE);
  expect(await read(wechat)).toContain('三十余名群众代表');
});

test('stands on the website without scripts or cookies, and in its feed', async () => {
  const context = await desk.browser.newContext({ javaScriptEnabled: false });
  const citizen = await context.newPage();
  await citizen.goto(site);
  expect(await citizen.locator('h1').textContent()).toContain(TITLE);
  expect(await context.cookies()).toEqual([]);
  const feed = await context.request.get(`${desk.hub.address}/news/rss.xml`);
  expect(await feed.text()).toContain(TITLE);
  await context.close();
});

test('is taken back as far as each channel allows it, with what a person has to do said plainly', async () => {
  await desk.go(`${path}/schedule`);
  await page.getByText(words.withdrawTitle).first().click();
  await page.getByLabel(words.withdrawReason).fill('活动时间有误');
  await page.getByRole('button', { name: words.withdrawConfirm }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: words.withdrawConfirm }).click();
  const withdrawal = (channel: string) => page.locator(`[data-withdrawal="${channel}"]`);
  await eventually(() => withdrawal('website').getAttribute('data-state')).toBe('done');
  await eventually(() => withdrawal('wechat').getAttribute('data-state')).toBe('done');
  await eventually(() => withdrawal('weibo').getAttribute('data-state')).toBe('manual');
  // What was taken back is not one click away from being out again.
  expect(await page.getByRole('button', { name: words.submit }).count()).toBe(0);
  expect((await fetch(site)).status).toBe(410);
  await withdrawal('weibo').getByRole('button', { name: words.gone }).click();
  await eventually(() => withdrawal('weibo').getAttribute('data-state')).toBe('done');
  await page.getByText(messages.releases.states.withdrawn, { exact: true }).first().waitFor();
});

test('no page threw anything, or wanted what its policy forbids', () => {
  expect(desk.thrown).toEqual([]);
});
