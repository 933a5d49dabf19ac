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

export async function a_data_lead_takes_the_list_of_births(walker) {
  const page = await opens(walker, '/births', { signsIn: true });
  await signsIn(page, 'council', '/births');
  await says(page.locator('#month'), 'October 2026');
  await says(page.locator('main'), 'All');
  await walker.looksAt(page, 'births');
  const [list] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Take the list' }).click()]);
  assert.equal(list.suggestedFilename(), 'births-2026-10-kenfordshire.tar');
  const [count] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Take the numbers' }).click()]);
  assert.equal(count.suggestedFilename(), 'births-2026-10-kenfordshire-count.csv');
}

export async function whoever_does_not_care_for_children_is_told_so(walker) {
  const page = await opens(walker, '/school', { signsIn: true });
  await page.getByRole('link', { name: 'council', exact: true }).click();
  await page.waitForURL('**/school');
  await says(page.locator('main'), 'This page is for school nurses');
  await walker.looksAt(page, 'school-refused');
}

async function writesNeeds(page) {
  await page.getByLabel('First name', { exact: true }).fill('Maja');
  await page.getByLabel('Family name').fill('Whitlock');
  await page.getByLabel('Condition').fill('Severe allergy to peanuts');
  await page.getByLabel('What to do').fill('Adrenaline pen from her bag at once.\nCall 999, then her mother.');
  await page.getByLabel('Who is trained').fill('Class teacher of 2B\nFirst aider');
  await page.getByLabel('Looked at again on').fill('1 7 2099');
  await page.getByLabel('Whom to ask').fill('01632 960455');
}

export async function health_needs_go_from_the_nurse_to_the_childs_school(walker) {
  const page = await opens(walker, '/school', { signsIn: true });
  await signsIn(page, 'nurse', '/school');
  await asks(page, '9991000089', '2', '3', '2020');
  await presses(page, 'Tell the school about health needs');
  await says(page.locator('main'), 'of Kenford Primary School');
  await walker.looksAt(page, 'needs-empty');
  await presses(page, 'See what the school will see');
  await says(page.locator('.summary'), 'Enter the family name. Enter the condition. Say what to do. Say whether the family has agreed.');
  await writesNeeds(page);
  await page.getByLabel('No, or not yet').check();
  await presses(page, 'See what the school will see');
  await says(page.locator('#agreed-wrong'), 'Without it nothing can be passed on');
  await walker.looksAt(page, 'needs-wrong');
  await page.getByLabel('Yes: somebody with parental responsibility').check();
  await page.getByLabel('Who agreed').fill('Hannah Whitlock');
  await page.getByLabel('What they are to the child').fill('mother');
  await presses(page, 'See what the school will see');
  await holdsFocus(page, 'sees');
  const seen = (await page.locator('section.summary').innerText()).replaceAll(/\s+/g, ' ');
  for (const part of ['Maja Whitlock', '2 March 2020', 'Severe allergy to peanuts', 'Class teacher of 2B, First aider', '01632 960455']) {
    assert.ok(seen.includes(part), `${part} is not in ${seen}`);
  }
  for (const part of ['9991000089', 'Hannah', 'mother consent', 'CV99']) assert.ok(!seen.includes(part), `${part} is in ${seen}`);
  await walker.looksAt(page, 'needs-preview');
  await presses(page, 'Change it');
  assert.equal(await page.getByLabel('Condition').inputValue(), 'Severe allergy to peanuts');
  await presses(page, 'See what the school will see');
  await presses(page, 'Send it to the school');
  await says(page.locator('#done'), 'Kenford Primary School finds it in Kith now');
  await walker.looksAt(page, 'needs-sent');

  const teacher = await opens(walker, '/inbox', { signsIn: true });
  await signsIn(teacher, 'teacher', '/inbox');
  for (let turn = 0; turn < 50 && !(await teacher.locator('main').innerText()).includes('One message'); turn += 1) {
    await new Promise((wake) => setTimeout(wake, 100));
    await teacher.reload();
  }
  const inbox = (await teacher.locator('.events').innerText()).replaceAll(/\s+/g, ' ');
  assert.ok(inbox.includes('Severe allergy to peanuts') && inbox.includes('From Kenford School Nursing'), inbox);
  assert.ok(!inbox.includes('9991000089') && !inbox.includes('Hannah'), inbox);
  await walker.looksAt(teacher, 'inbox');
  await presses(teacher, 'Mark as read');
  await holdsFocus(teacher, 'done');
  await says(teacher.locator('.events'), 'Marked as read');
  await walker.looksAt(teacher, 'inbox-read');
}

export async function an_operator_sees_what_failed_and_puts_it_back(walker) {
  const page = await opens(walker, '/operations', { signsIn: true });
  await signsIn(page, 'operator', '/operations');
  await says(page.locator('main'), 'Dead letters: 1');
  await walker.looksAt(page, 'operations');
  await page.getByLabel('Id', { exact: true }).fill('999 000 0018');
  await page.getByRole('button', { name: 'Look' }).click();
  assert.equal(await page.getByLabel('Id', { exact: true }).evaluate((field) => field.validity.patternMismatch), true);
  assert.equal(page.url(), walker.url('/operations'), 'a number of a child that was typed by mistake gets into no address');
  await page.getByLabel('Id', { exact: true }).fill('');
  await presses(page, 'Look');
  await goes(page, () => page.locator('td a code').first().click());
  await says(page.locator('main'), 'sent again under the same id');
  await walker.looksAt(page, 'delivery');
  await presses(page, 'Put it back');
  await holdsFocus(page, 'done');
  await says(page.locator('#done'), 'One dead letter is put back');
  await presses(page, 'Park');
  await holdsFocus(page, 'done');
  await says(page.locator('main'), 'Let go on');
  await walker.looksAt(page, 'operations-parked');
}

export async function the_people_of_a_centre_read_print_labels_and_say_that_a_family_came(walker) {
  const page = await opens(walker, '/inbox', { signsIn: true });
  await signsIn(page, 'centre', '/inbox');
  await says(page.locator('.careful'), 'Do not visit this family until it registers with you or is referred to you.');
  await walker.looksAt(page, 'inbox-no-visit');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'spreadsheet' }).click()]);
  assert.equal(download.suggestedFilename(), 'kith-inbox.csv');
  await goes(page, () => page.getByRole('link', { name: 'Print labels' }).click());
  await says(page.locator('.labels'), 'To the parents of Maja Rose Whitlock');
  await walker.looksAt(page, 'cards');
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.getByRole('heading', { name: 'Welcome cards' }).isVisible(), false, 'labels are all that is printed');
  assert.ok(await page.locator('.labels').isVisible());
  await page.emulateMedia({ media: 'screen' });
  await page.getByLabel('Since').fill('2999-01-01');
  await presses(page, 'Show these');
  await says(page.locator('main'), 'No family');
  await goes(page, () => page.getByRole('link', { name: 'Back to the inbox' }).click());
  await presses(page, 'The family has registered with us');
  await holdsFocus(page, 'done');
  await says(page.locator('.events'), 'it ended: the family has registered with you');
  assert.equal(await page.locator('.careful').count(), 0);
  await walker.looksAt(page, 'inbox-registered');
}
