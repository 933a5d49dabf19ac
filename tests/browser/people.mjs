// What people do who sign in, one function a scene; `walk.mjs` says what holds in all of them.

import assert from 'node:assert/strict';
import { goes, holdsFocus, opens, presses, says, tabsTo } from './steps.mjs';

/** Signs in at the provider by choosing who one is, and is back at the page. */
async function signsIn(page, who, to = '/who-was-told') {
  await page.getByRole('link', { name: who, exact: true }).click();
  await page.waitForURL(`**${to}`);
}

export async function who_was_told_is_found_after_signing_in(walker) {
  const page = await opens(walker, '/who-was-told', { signsIn: true });
  await signsIn(page, 'officer');
  await walker.looksAt(page, 'told-empty');
  await page.getByLabel('NHS number').fill('999 000 0019');
  await presses(page, 'Show who was told');
  await holdsFocus(page, 'summary');
  await says(page.locator('.summary'), 'Check the NHS number');
  assert.equal(await page.getByLabel('NHS number').inputValue(), '999 000 0019', 'what was typed stays');
  await walker.looksAt(page, 'told-wrong');
  await page.getByLabel('NHS number').fill('999 000 0018');
  await presses(page, 'Show who was told');
  await says(page.locator('#found'), 'entries, newest first');
  await says(page.locator('.events'), 'Information was released');
  await says(page.locator('.events'), 'A person with parental responsibility agreed');
  assert.ok(!page.url().includes('999'), 'no number stands in an address');
  await walker.looksAt(page, 'told');
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.getByRole('button', { name: 'Show who was told' }).isVisible(), false, 'a form is not printed');
  await page.emulateMedia({ media: 'screen' });
  await goes(page, () => page.getByRole('button', { name: 'Sign out' }).click());
  assert.equal(page.url(), walker.url('/'));
}

export async function who_was_told_needs_no_script_and_fits_a_phone(walker) {
  const page = await opens(walker, '/who-was-told', { signsIn: true, javaScriptEnabled: false, viewport: { width: 360, height: 740 } });
  await signsIn(page, 'officer');
  await page.getByLabel('NHS number').fill('9990000018');
  await presses(page, 'Show who was told');
  await says(page.locator('#found'), 'entries, newest first');
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  assert.equal(wide, false, 'it scrolls sideways');
}

async function asks(page, number, day, month, year) {
  await page.getByLabel('NHS number').fill(number);
  await page.getByLabel('Day').fill(day);
  await page.getByLabel('Month').fill(month);
  await page.getByLabel('Year').fill(year);
  await presses(page, 'Find the school');
}

export async function a_school_nurse_finds_the_school(walker) {
  const page = await opens(walker, '/school', { signsIn: true });
  await signsIn(page, 'nurse', '/school');
  await walker.looksAt(page, 'school-empty');
  await asks(page, '999 100 0089', '2', '3', '2020');
  await holdsFocus(page, 'found');
  await says(page.locator('#found'), 'The child attends Kenford Primary School');
  await says(page.locator('.facts'), 'Since 3 September 2024');
  await says(page.locator('.facts'), 'Kenfordshire Council');
  assert.ok(!page.url().includes('999'), 'no number stands in an address');
  assert.equal(await page.getByLabel('NHS number').inputValue(), '', 'the form is for the next child');
  await walker.looksAt(page, 'school-found');
  await asks(page, '9991000208', '10', 'October', '2019');
  await says(page.locator('.summary'), 'The school has closed. Kenford Primary School took its place.');
  await walker.looksAt(page, 'school-closed');
  await goes(page, () => page.getByRole('button', { name: 'Sign out' }).click());
  assert.equal(page.url(), walker.url('/'));
}

export async function a_child_of_whom_nothing_may_be_said_is_like_one_that_is_not_there(walker) {
  const page = await opens(walker, '/school', { signsIn: true });
  await signsIn(page, 'nurse', '/school');
  const answers = [];
  for (const [number, day, month, year] of [['9991000151', '11', '5', '2019'], ['9991000399', '11', '5', '2019'], ['9991000089', '3', '2', '2020']]) {
    await asks(page, number, day, month, year);
    await holdsFocus(page, 'found');
    const told = await page.locator('section').innerText();
    answers.push(told.replace(/NHS number.*/, ''));
  }
  assert.ok(answers[0].includes('Kith has no answer'));
  assert.equal(new Set(answers).size, 1, 'all read alike');
  await walker.looksAt(page, 'school-unknown');
}

export async function what_is_typed_wrong_is_said_beside_its_field(walker) {
  const page = await opens(walker, '/school', { signsIn: true });
  await signsIn(page, 'nurse', '/school');
  await presses(page, 'Find the school');
  await holdsFocus(page, 'summary');
  await says(page.locator('.summary'), 'Enter the NHS number. Enter the birth date.');
  await page.getByLabel('To protect this child from harm').check();
  await asks(page, '999 100 0088', '30', '2', '2020');
  await says(page.locator('.summary'), 'the check digit of this NHS number is wrong');
  await says(page.locator('#born-wrong'), 'There is no such day');
  await says(page.locator('#reason-wrong'), 'Say why it is needed');
  assert.equal(await page.getByLabel('Day').inputValue(), '30', 'what was typed stays');
  await walker.looksAt(page, 'school-wrong');
  await page.getByRole('link', { name: 'There is no such day' }).click();
  await holdsFocus(page, 'day');
}

export async function the_school_is_found_by_keyboard_without_a_script_on_a_phone(walker) {
  const page = await opens(walker, '/school', { signsIn: true, javaScriptEnabled: false, viewport: { width: 360, height: 740 } });
  await signsIn(page, 'nurse', '/school');
  for (const [field, text] of [['number', '9991000089'], ['day', '2'], ['month', '3'], ['year', '2020']]) {
    await page.locator(`#${field}`).focus();
    await page.keyboard.type(text);
  }
  await goes(page, () => page.keyboard.press('Enter'));
  await says(page.locator('#found'), 'The child attends Kenford Primary School');
}

export async function a_council_decides_whose_place_it_is(walker) {
  const page = await opens(walker, '/school/reviews', { signsIn: true });
  await signsIn(page, 'council', '/school/reviews');
  await says(page.locator('main'), 'One place waits for you');
  await says(page.locator('.events'), 'the given name is nearly the same');
  await walker.looksAt(page, 'reviews');
  await page.getByLabel('Jaden Osgood').check();
  await presses(page, 'Decide');
  await holdsFocus(page, 'done');
  await says(page.locator('main'), 'Nothing waits for you');
  await walker.looksAt(page, 'reviews-done');
}

export async function whoever_does_not_care_for_children_is_told_so(walker) {
  const page = await opens(walker, '/school', { signsIn: true });
  await page.getByRole('link', { name: 'council', exact: true }).click();
  await page.waitForURL('**/school');
  await says(page.locator('main'), 'This page is for school nurses');
  await walker.looksAt(page, 'school-refused');
}
