// What people do on every page: open it, press, look at what it says and where the focus is.

import assert from 'node:assert/strict';

export async function opens(walker, path = '/workbench', options = {}) {
  const page = await walker.visitor(options);
  await page.goto(walker.url(path));
  return page;
}

/** Does what leads to another page, until that is there. */
export async function goes(page, act) {
  await Promise.all([page.waitForNavigation(), act()]);
}

export const presses = (page, name) => goes(page, () => page.getByRole('button', { name }).first().click());

export async function checks(page, text) {
  await page.getByLabel('Resource, as JSON').fill(text);
  await presses(page, 'Check it');
}

export const focused = (page) => page.locator(':focus').first();
export const box = (page) => page.getByLabel('Resource, as JSON').inputValue();
export const heading = (page) => page.locator('#found').innerText();

/** A page on a busy machine may take so long. */
export const PATIENCE_MS = 60_000;

/** The part is there, or comes soon: a script may be at it. */
export async function says(locator, part) {
  let text = '';
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await new Promise((wake) => setTimeout(wake, 50))) {
    text = (await locator.innerText()).replaceAll(/\s+/g, ' ');
    if (text.includes(part)) return;
  }
  assert.fail(`“${part}” is not in “${text}”`);
}

/** The element has the focus, or gets it soon. */
export async function holdsFocus(page, id, why = 'it is there that people go on') {
  const held = page.locator(`#${id}:focus`).waitFor({ state: 'attached', timeout: PATIENCE_MS });
  await held.catch(() => assert.fail(`#${id} does not have the focus: ${why}`));
}

/** Types the beginning of an option's name into a list that has the focus. Letters that come too slowly begin a new word, so a
 * person, or a busy machine, types it again. */
export async function typesOption(page, list, words, value) {
  for (let times = 0; times < 5; times += 1) {
    await page.keyboard.type(words);
    if ((await list.inputValue()) === value) return;
    await page.waitForTimeout(2_000);
  }
  assert.fail(`typing “${words}” does not choose ${value}`);
}

/** Goes on with the Tab key until the focus is there. */
export async function tabsTo(page, locator, what) {
  for (let steps = 0; steps < 80; steps += 1) {
    await page.keyboard.press('Tab');
    if (await locator.evaluate((element) => element === document.activeElement)) return;
  }
  assert.fail(`the Tab key does not lead to ${what}`);
}
