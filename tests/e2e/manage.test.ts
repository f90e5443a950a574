import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessMessages } from '../../web/lib/messages/access.ts';
import { manageMessages } from '../../web/lib/messages/manage.ts';
import { signInMessages } from '../../web/lib/messages/sign-in.ts';
import { messages } from '../../web/lib/messages.ts';
import { firstSignIn, follow, NEW_PASSWORD, PATIENCE_MS, takeFactor } from '../support/browser.ts';
import { startDesk, type TestDesk } from '../support/desk.ts';
import type { TestHub } from '../support/hub.ts';

const { tree, persons, grants, matrix, nav, delegations } = manageMessages;

let desk: TestDesk;
let hub: TestHub;
/** The system administrator, the security administrator, and somebody who is invited. */
let system: Page;
let security: Page;
let guest: Page;

beforeAll(async () => {
  desk = await startDesk();
  ({ hub, page: system } = desk);
  [security, guest] = await Promise.all([desk.newPage(), desk.newPage()]);
  await administrator(system, 'system@jiansheng.local');
  await administrator(security, 'security@jiansheng.local');
});
afterAll(() => desk?.stop());

/** First sign-in of an administrator, who has to set up a second factor. */
async function administrator(page: Page, email: string): Promise<void> {
  await firstSignIn(page, hub, email);
  await takeFactor(page, hub);
}

const go = (page: Page, path: string) => desk.go(path, page);
const path = (page: Page) => new URL(page.url()).pathname;

/** Types into the picker of offices and takes what it suggests. */
async function pick(page: Page, label: string, name: string): Promise<void> {
  const field = page.getByRole('combobox', { name: label });
  await field.fill(name.slice(0, 3));
  await page.getByRole('option', { name }).first().click();
  expect(await field.inputValue()).toBe(name);
}

describe('the system administrator', () => {
  test('begins with people, and sees only what is theirs', async () => {
    await go(system, '/');
    expect(path(system)).toBe('/manage/people');
    const links = await system
      .getByRole('navigation', { name: messages.nav.label })
      .first()
      .getByRole('link')
      .allInnerTexts();
    expect(links.map((text) => text.trim())).toEqual([
      ...[nav.offices, nav.people, nav.matrix, messages.nav.account],
    ]);
    await go(system, '/search');
    await system.getByText(messages.errors.forbidden).waitFor();
  });

  test('makes an office, renames it, and is told why it cannot stand below itself', async () => {
    await go(system, '/manage/offices');
    await follow(system, system.getByRole('link', { name: tree.create }));
    await system.getByLabel(manageMessages.name).fill('临江县人民检察院');
    await system.getByLabel(manageMessages.code, { exact: false }).last().fill('e2e-1');
    await system.getByRole('button', { name: tree.create }).click();
    await system.getByText(tree.created).waitFor();
    await system.getByRole('textbox', { name: tree.rename }).fill('临江区人民检察院');
    await system.getByRole('button', { name: tree.saveName }).click();
    await system.getByText(tree.renamed).waitFor();
    await pick(system, tree.parent, '临江区人民检察院');
    await system.getByRole('button', { name: tree.moveButton, exact: true }).click();
    await system.getByRole('alertdialog').getByRole('button', { name: tree.moveButton }).click();
    await system.getByText('不能把单位放到它自己').waitFor();
  });

  test('imports a list after seeing what it does', async () => {
    await go(system, '/manage/offices/import');
    const file = (text: string) => ({ name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
    const head = '代码,名称,级别,上级\n';
    await system.getByLabel(tree.file).setInputFiles(file(`${head}e2e-2,山阳县人民检察院,县级,nowhere\n`));
    await system.getByRole('button', { name: tree.preview }).click();
    await system.getByText('没有代码为“nowhere”的上级单位').waitFor();
    await follow(system, system.getByRole('link', { name: tree.again }));
    await system
      .getByLabel(tree.file)
      .setInputFiles(file(`${head}e2e-2,山阳县人民检察院,县级,sample-530000\n`));
    await system.getByRole('button', { name: tree.preview }).click();
    await system.getByRole('button', { name: tree.apply('1') }).click();
    await system.getByText(tree.imported('1')).waitFor();
  });

  test('invites somebody by a link that works once', async () => {
    await go(system, '/manage/people/new');
    await system.getByLabel(persons.name).fill('林一苇');
    await system.getByLabel(persons.email).fill('lin@example.com');
    await pick(system, persons.office, '山阳县人民检察院');
    await system.getByRole('button', { name: persons.createButton }).click();
    const link = await system.getByRole('textbox', { name: persons.invite }).inputValue();
    expect(link).toContain('/invitation/');
    await guest.goto(link);
    const { invitation } = signInMessages;
    await guest.getByLabel(invitation.password).first().fill(NEW_PASSWORD);
    await guest.getByLabel(invitation.repeat).fill(NEW_PASSWORD);
    await guest.getByRole('button', { name: invitation.submit }).click();
    await guest.waitForURL('**/account');
    await guest.getByText(matrix.nothing).waitFor();
  });
});

describe('the security administrator', () => {
  test('gives a role that opens the desk with the next page, and takes it back', async () => {
    await go(security, '/');
    expect(path(security)).toBe('/manage/roles');
    await go(security, '/manage/people?q=林一苇');
    await follow(security, security.getByRole('link', { name: '林一苇' }).first());
    await security.getByLabel(grants.role).first().selectOption('press-officer');
    await security.getByRole('button', { name: grants.grantButton, exact: true }).click();
    await security.getByText(grants.granted).waitFor();

    await go(guest, '/');
    await guest.getByRole('heading', { name: messages.overview.title }).waitFor();
    await guest.getByRole('banner').getByText('山阳县人民检察院').waitFor();
    await go(guest, '/account/delegations');
    await guest.getByText(delegations.noColleagues).waitFor();

    // Whoever writes had better not review: it is said, and not refused.
    await security.getByLabel(grants.role).first().selectOption('first-reviewer');
    await security.getByRole('button', { name: grants.grantButton, exact: true }).click();
    await security.getByText('最好由不同的人承担').waitFor();

    for (const left of [1, 0]) {
      await security.getByRole('button', { name: grants.revoke, exact: true }).first().click();
      await security.getByRole('alertdialog').getByRole('button', { name: grants.revoke }).click();
      const remaining = security.getByRole('button', { name: grants.revoke, exact: true });
      await expect.poll(() => remaining.count(), { timeout: PATIENCE_MS }).toBe(left);
    }
    await go(guest, '/');
    expect(path(guest)).toBe('/account');
    await go(guest, '/releases');
    await guest.getByText(messages.errors.forbidden).waitFor();
  });
});

test('an account that is closed is out at once', async () => {
  await go(system, '/manage/people?q=lin@example.com');
  await follow(system, system.getByRole('link', { name: '林一苇' }).first());
  await system.getByRole('button', { name: persons.disable }).click();
  await system.getByRole('alertdialog').getByRole('button', { name: persons.disable }).click();
  await system.getByText(persons.disabledDone).waitFor();
  await guest.goto(`${hub.address}/account`);
  expect(path(guest)).toBe('/sign-in');
});

describe('on a phone', () => {
  const pages = [
    ...['/manage/offices', '/manage/offices/1', '/manage/offices/new', '/manage/offices/import'],
    ...['/manage/people', '/manage/people/new', '/manage/access', '/account'],
  ];
  test.each(pages)('%s fits 390 px without a horizontal scroll, light and dark', async (each) => {
    await system.setViewportSize({ width: 390, height: 844 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await system.emulateMedia({ colorScheme });
      await go(system, each);
      expect(await system.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    }
    await system.setViewportSize({ width: 1440, height: 900 });
  });

  test('what the bottom bar has no room for stands under "more"', async () => {
    await security.setViewportSize({ width: 390, height: 844 });
    await go(security, '/manage/roles');
    await security.getByRole('button', { name: nav.more }).click();
    await security.getByRole('menuitem', { name: nav.matrix }).click();
    await security.waitForURL('**/manage/access');
    await security.getByText(accessMessages.actions['release-write'], { exact: true }).waitFor();
  });
});

test('no page threw', () => {
  expect(desk.thrown).toEqual([]);
});
